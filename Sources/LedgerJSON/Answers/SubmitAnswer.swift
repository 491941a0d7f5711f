public import Ledger
public import Primitives

/// The answer to one submitted transaction. `SubmitResult` is its JSON form. Answers to many transactions can also be
/// sent as bytes (`MediaType.results`), which costs node and client less; see Documentation/api.md, "Answers as
/// bytes".
public enum SubmitAnswer: Hashable, Sendable {
  case accepted(Digest)
  case finalized(Digest, height: Height, TransactionOutcome)
  /// The id is nil if the bytes were not a transaction.
  case refused(Digest?, ErrorDetail)

  private static let version: UInt8 = 2
  /// The maximum number of bytes of a text.
  private static let textLimit = 1 << 16

  /// Encodes many answers, in the order of the transactions.
  public static func encode(_ answers: [SubmitAnswer]) -> [UInt8] {
    var writer = Writer(capacity: 5 + answers.count * 48)
    writer.byte(version)
    writer.count(answers.count)
    for answer in answers { answer.encode(into: &writer) }
    return writer.bytes
  }

  /// Decodes the answers to at most `limit` transactions.
  public static func decode(_ bytes: [UInt8], limit: Int) throws(CodecError) -> [SubmitAnswer] {
    try Reader.whole(bytes) { reader throws(CodecError) in
      let version = try reader.byte()
      guard version == Self.version else { throw .unknown(field: "version of the answers", value: UInt64(version)) }
      let count = try reader.count(limit: limit, "answers")
      var answers: [SubmitAnswer] = []
      answers.reserveCapacity(count)
      for _ in 0..<count { answers.append(try SubmitAnswer(from: &reader)) }
      return answers
    }
  }

  private func encode(into writer: inout Writer) {
    switch self {
    case .accepted(let id):
      writer.byte(1)
      writer.digest(id)
    case .finalized(let id, let height, let outcome):
      writer.byte(2)
      writer.digest(id)
      writer.integer(height.rawValue)
      outcome.encode(into: &writer)
    case .refused(let id, let error):
      writer.byte(3)
      writer.byte(id == nil ? 0 : 1)
      if let id { writer.digest(id) }
      for text in [error.code, error.message, error.nextStep] { Self.write(text, to: &writer) }
      writer.byte(error.retryAfterMilliseconds == nil ? 0 : 1)
      if let time = error.retryAfterMilliseconds { writer.integer(time) }
    }
  }

  private init(from reader: inout Reader) throws(CodecError) {
    let kind = try reader.byte()
    switch kind {
    case 1: self = .accepted(try reader.digest())
    case 2:
      self = .finalized(
        try reader.digest(), height: Height(try reader.integer()), try TransactionOutcome(from: &reader))
    case 3:
      let id = try Self.flag(&reader, "id of a refused transaction") ? try reader.digest() : nil
      var texts: [String] = []
      for _ in 0..<3 { texts.append(try Self.text(&reader)) }
      let time: UInt64? = try Self.flag(&reader, "time of a refusal") ? try reader.integer() : nil
      self = .refused(
        id, ErrorDetail(code: texts[0], message: texts[1], nextStep: texts[2], retryAfterMilliseconds: time))
    default: throw .unknown(field: "answer", value: UInt64(kind))
    }
  }

  /// Writes a length, then UTF-8. A text that is too long is cut off after the last scalar that fits completely.
  private static func write(_ text: String, to writer: inout Writer) {
    var bytes = Array(text.utf8.prefix(textLimit + 1))
    if bytes.count > textLimit {
      while let last = bytes.popLast(), UTF8.isContinuation(last) {}
    }
    writer.longBytes(bytes)
  }

  private static func text(_ reader: inout Reader) throws(CodecError) -> String {
    let bytes = try reader.longBytes(limit: textLimit, "text of a refusal")
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notCanonical(field: "text of a refusal") }
    return text
  }

  private static func flag(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> Bool {
    let value = try reader.byte()
    guard value <= 1 else { throw .unknown(field: field, value: UInt64(value)) }
    return value == 1
  }
}
