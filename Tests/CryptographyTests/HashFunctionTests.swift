import Cryptography
import Primitives
import Testing

@Testing.Suite("HashFunction")
struct HashFunctionTests {
  private func hash(_ suite: Primitives.Suite, _ text: String) -> String {
    var function = HashFunction(suite)
    return function.hash(Array(text.utf8)).description
  }

  @Test("SHA-256 gives the values of FIPS 180-4's examples", arguments: [Suite.p256SHA256, .ed25519SHA256])
  func sha256(suite: Primitives.Suite) {
    #expect(hash(suite, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hash(suite, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hash(suite, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      hash(suite, String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("SM3 gives the values of the examples of GB/T 32905")
  func sm3() {
    #expect(hash(.sm2SM3, "abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
    #expect(
      hash(.sm2SM3, String(repeating: "abcd", count: 16))
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")
  }

  @Test("Any split of the input gives the same hash, and an unfinished hash has no effect", arguments: Suite.allCases)
  func parts(suite: Primitives.Suite) {
    var function = HashFunction(suite)
    let bytes = (0..<150).map { UInt8($0) }
    let whole = function.hash(bytes)
    for split in 0...bytes.count {
      function.begin()
      function.update(bytes.span.bytes)
      function.begin()
      function.update(bytes.span.extracting(0..<split).bytes)
      function.update(bytes.span.extracting(split..<bytes.count).bytes)
      let digest = function.finish()
      #expect(digest == whole)
    }
  }
}
