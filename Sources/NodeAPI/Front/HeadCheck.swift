internal import Hummingbird
internal import NIOHTTP1
internal import Primitives

/// Checks a request as soon as its head has arrived, before any byte of its body is read.
struct HeadCheck: Sendable {
  /// The names that `Host` may have; nil if it may be any.
  var hosts: HostNames?
  let bodyLimit: Int
  /// Refuses a method and target that no route answers.
  let route: @Sendable (_ method: String, _ target: String) throws(RequestError) -> Void

  /// What the head says about the body.
  struct Expectation: Equatable {
    var hasBody: Bool
    /// Whether the client sends the body only when it is told to continue.
    var waitsForContinue: Bool
  }

  func check(_ head: HTTPRequestHead) throws(RequestError) -> Expectation {
    let length = try framing(of: head)
    if let hosts, let host = head.headers.first(name: "host"), !hosts.contains(host) { throw .otherHost(host) }
    try route(head.method.rawValue, head.uri)
    if let length, length > bodyLimit { throw .tooLarge(length, limit: bodyLimit) }
    for encoding in head.headers[canonicalForm: "content-encoding"] where encoding.lowercased() != "identity" {
      throw .encoding("Content-Encoding", String(encoding))
    }
    let isChunked = head.headers.contains(name: "transfer-encoding")
    return Expectation(
      hasBody: isChunked || (length ?? 0) > 0, waitsForContinue: try waitsForContinue(head))
  }

  /// The declared length of the body. A proxy in front of the node must see the same requests in the bytes as the node
  /// does, so anything ambiguous is refused.
  private func framing(of head: HTTPRequestHead) throws(RequestError) -> Int? {
    let hosts = head.headers["host"]
    guard hosts.count == 1 || (hosts.isEmpty && head.version.minor < 1) else {
      throw .malformed("it has \(hosts.count) 'Host' fields, but there must be one")
    }
    if let host = hosts.first, host.utf8.contains(where: { " ,/@?#\t".utf8.contains($0) }) {
      throw .malformed("its 'Host' is \(host.quoted)")
    }
    let lengths = head.headers["content-length"]
    let codings = head.headers[canonicalForm: "transfer-encoding"]
    guard lengths.isEmpty || codings.isEmpty else {
      throw .malformed("it has both 'Content-Length' and 'Transfer-Encoding'")
    }
    guard lengths.count <= 1 else { throw .malformed("it has \(lengths.count) 'Content-Length' fields") }
    if let coding = codings.first {
      guard head.version.minor >= 1 else { throw .malformed("HTTP/1.0 has no 'Transfer-Encoding'") }
      guard codings.count == 1, coding.lowercased() == "chunked" else {
        throw .encoding("Transfer-Encoding", codings.joined(separator: ", "))
      }
    }
    guard let text = lengths.first else { return nil }
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      throw .malformed("its 'Content-Length' is \(text.quoted)")
    }
    // A number that does not fit is too large in any case.
    return Int(text) ?? .max
  }

  private func waitsForContinue(_ head: HTTPRequestHead) throws(RequestError) -> Bool {
    let expectations = head.headers[canonicalForm: "expect"]
    guard head.version.minor >= 1, !expectations.isEmpty else { return false }
    for expectation in expectations where expectation.lowercased() != "100-continue" {
      throw RequestError(
        .expectationFailed, code: "request.expectation", "the request expects \(expectation.quoted)",
        nextStep: "send it without 'Expect', or with 'Expect: 100-continue'")
    }
    return true
  }
}
