/// The reason why a decoder refused the bytes.
public enum CodecError: Error, Hashable, Sendable {
  /// The input ended `missing` bytes too early, at byte `offset`.
  case truncated(offset: Int, missing: Int)
  /// Bytes were left over after a complete value.
  case trailingBytes(offset: Int, count: Int)
  /// A length or count exceeded its limit.
  case tooLong(field: StaticText, value: UInt64, limit: UInt64)
  /// A kind, version or flag that this format does not have.
  case unknown(field: StaticText, value: UInt64)
  /// A second encoding of a value that has only one: wrong order, a repetition, bad UTF-8, a padded number.
  case notCanonical(field: StaticText)
  /// The value can be decoded, but the format does not allow it.
  case invalid(field: StaticText)
}

extension CodecError: ExplainedError {
  public var code: String {
    switch self {
    case .truncated: "encoding.truncated"
    case .trailingBytes: "encoding.trailing-bytes"
    case .tooLong: "encoding.too-long"
    case .unknown: "encoding.unknown-kind"
    case .notCanonical: "encoding.not-canonical"
    case .invalid: "encoding.invalid"
    }
  }

  public var explanation: String {
    switch self {
    case .truncated(let offset, let missing): "the bytes end at \(offset); \(missing) more are needed"
    case .trailingBytes(let offset, let count): "\(count) bytes are left over after a complete value at \(offset)"
    case .tooLong(let field, let value, let limit): "\(field) is \(value); the limit is \(limit)"
    case .unknown(let field, let value): "\(field) has the unknown value \(value)"
    case .notCanonical(let field): "\(field) is not in its one canonical encoding"
    case .invalid(let field): "\(field) has a value that the format does not allow"
    }
  }

  public var nextStep: String {
    "send the complete canonical encoding described in Documentation/formats.md, with nothing after it"
  }
}
