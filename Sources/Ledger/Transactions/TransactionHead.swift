internal import Primitives

/// The fixed fields before the operations.
struct TransactionHead: Sendable {
  let validUntil: Timestamp
  let nonce: UInt64
  let operationCount: Int
  /// The number of operations that carry the proof of a key.
  let keyProofCount: Int
  /// The first version of the rules that has all operations.
  let rules: UInt16

  /// Reads the head and walks over the operations, up to the start of the signatures.
  init(from reader: inout Reader, chain: ChainContext) throws(TransactionError) {
    let fields = try TransactionError.decode(&reader) { (reader) throws(CodecError) in
      let version = try reader.byte()
      guard version == TransactionLayout.version else {
        throw CodecError.unknown(field: "transaction version", value: UInt64(version))
      }
      return (
        genesis: try reader.digest(), validUntil: Timestamp(try reader.integer()),
        nonce: try reader.integer(UInt64.self), count: try reader.integer(UInt32.self)
      )
    }
    guard fields.genesis == chain.genesis else { throw .otherChain(fields.genesis) }
    guard fields.count > 0 else { throw .noOperations }
    guard fields.count <= Limits.transactionOperations else { throw .tooManyOperations(count: fields.count) }
    validUntil = fields.validUntil
    nonce = fields.nonce
    operationCount = Int(fields.count)
    var proofs = 0
    var rules: UInt16 = 0
    for index in 0..<operationCount {
      do throws(CodecError) {
        let operation = try OperationView(from: &reader)
        if operation.keyProof != nil { proofs += 1 }
        rules = max(rules, operation.rules)
      } catch {
        throw .operation(index: index, error)
      }
    }
    keyProofCount = proofs
    self.rules = rules
  }

  /// The head of a transaction that has been walked over.
  init(_ layout: TransactionLayout) {
    validUntil = layout.validUntil
    nonce = layout.nonce
    operationCount = layout.operationCount
    keyProofCount = layout.keyProofCount
    rules = layout.rules
  }
}
