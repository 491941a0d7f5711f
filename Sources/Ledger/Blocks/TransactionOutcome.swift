public import Primitives

/// The outcome of one transaction: either all of its operations were applied, or none.
@frozen
public struct TransactionOutcome: Hashable, Sendable, BitwiseCopyable {
  public let code: OutcomeCode
  /// The index of the operation that failed; 0 if none did.
  public let operation: UInt32

  public static let applied = TransactionOutcome(code: .applied, operation: 0)

  public init(code: OutcomeCode, operation: UInt32) {
    precondition(code != .applied || operation == 0, "an applied transaction has no failed operation \(operation)")
    self.code = code
    self.operation = operation
  }

  public var isApplied: Bool { code == .applied }

  /// Writes the code as `UInt16` and the operation as `UInt32`.
  public func encode(into writer: inout Writer) {
    writer.integer(code.rawValue)
    writer.integer(operation)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let rawCode: UInt16 = try reader.integer()
    guard let code = OutcomeCode(rawValue: rawCode) else {
      throw .unknown(field: "outcome code", value: UInt64(rawCode))
    }
    let operation: UInt32 = try reader.integer()
    guard code != .applied || operation == 0 else { throw .notCanonical(field: "outcome of an applied transaction") }
    self.init(code: code, operation: operation)
  }
}
