import Testing

@testable import Node

@Testing.Suite("Endpoints")
struct EndpointTests {
  @Test(
    "Endpoints in the form host:port are read and written back", arguments: ["a:1", "10.0.0.1:65535", "[fd00::1]:7500"])
  func roundTrip(text: String) throws {
    #expect(try #require(Endpoint(text)).description == text)
  }

  @Test(
    "A host may be in brackets or not; they are not part of it",
    arguments: [
      ("[::1]", "::1"), ("::1", "::1"), ("[fd00::1%eth0]", "fd00::1%eth0"), ("localhost", "localhost"), ("[a]", nil),
      ("[", nil), ("[]", nil), ("[::1", nil), ("::1]", nil), ("[[::1]]", nil), ("", nil),
    ] as [(String, String?)])
  func hosts(text: String, host: String?) {
    #expect(Endpoint.host(text) == host)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "a", ":1", "a:", "a:0", "a:65536", "a:01", "a:-1", "a:+1", "a:1x", "::1:80", "[a]:1", "[]:1", "a b:1",
      "a/b:1", "[::1]",
    ])
  func refused(text: String) {
    #expect(Endpoint(text) == nil)
  }
}
