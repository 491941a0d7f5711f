internal import Foundation
internal import LedgerJSON

/// The answer of one node.
struct Answer {
  let node: String
  let response: ClientResponse

  /// Whether the node cannot serve this request at the moment.
  var isBusy: Bool { response.status == 429 || response.status == 503 }

  /// Whether the node asks the client to try again. HTTP 503 without a `Retry-After` means that it serves nothing.
  var isToBeRepeated: Bool { response.status == 429 || retryAfter != nil }

  var retryAfter: Duration? {
    if let milliseconds = detail?.retryAfterMilliseconds {
      return .milliseconds(Int64(clamping: milliseconds))
    }
    return response.retryAfter.map { .seconds($0) }
  }

  var detail: ErrorDetail? {
    try? AnswerCoding.decode(ErrorBody.self, from: Data(response.body)).error
  }

  /// The error in the answer. Meaningful only if the HTTP status is not a 2xx.
  var refusal: ClientError {
    if let detail { return .refused(node: node, status: response.status, detail) }
    let text = String(decoding: response.body.prefix(200), as: UTF8.self)
    return unexpected("not an error of this API: \"\(text)\"")
  }

  func unexpected(_ reason: String) -> ClientError {
    .unexpectedAnswer(node: node, status: response.status, reason: reason)
  }

  /// The body of a successful answer.
  func body() throws(ClientError) -> [UInt8] {
    guard (200...299).contains(response.status) else { throw refusal }
    return response.body
  }

  /// The value of a successful answer.
  func value<Value: Decodable>(_ type: Value.Type = Value.self) throws(ClientError) -> Value {
    try decode(try body())
  }

  func decode<Value: Decodable>(_ bytes: [UInt8]) throws(ClientError) -> Value {
    do {
      return try AnswerCoding.decode(Value.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw unexpected(error.place)
    } catch {
      throw unexpected("it is not JSON of the expected form")
    }
  }
}

extension ErrorDetail {
  /// The error for a node that answers HTTP 429 without a readable body.
  static let busy = ErrorDetail(
    code: "client.busy", message: "the node is busy",
    nextStep: "send the same bytes again later; that is safe")
}

extension DecodingError {
  /// The key that is wrong, and why.
  package var place: String {
    let context: Context
    switch self {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return "it is not JSON of the expected form"
    }
    let path = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
    return (path.isEmpty ? "" : path.joined(separator: ".") + ": ") + context.debugDescription
  }
}
