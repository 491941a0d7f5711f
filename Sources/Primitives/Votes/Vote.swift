/// One validator's signed statement.
public struct Vote: Hashable, Sendable {
  public var statement: Statement
  public var signer: ValidatorIndex
  public var signature: Signature

  public init(statement: Statement, signer: ValidatorIndex, signature: Signature) {
    self.statement = statement
    self.signer = signer
    self.signature = signature
  }

  public func encode(into writer: inout Writer) {
    statement.encode(into: &writer)
    writer.integer(signer.rawValue)
    writer.signature(signature)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    statement = try Statement(from: &reader)
    signer = ValidatorIndex(try reader.integer())
    guard signer.rawValue < Limits.validators else {
      throw .tooLong(field: "signer", value: UInt64(signer.rawValue), limit: UInt64(Limits.validators))
    }
    signature = try reader.signature()
  }
}
