public import Cryptography
public import Ledger
public import Primitives

/// The contents of a receipt, for people (Documentation/formats.md, section 11). Amounts are in smallest units,
/// because a receipt proves the decimals of no asset, except of those that the transaction itself defined earlier.
/// There are no explanations in words: their wording may improve, and archived files must stay readable.
public struct ReceiptSummary: Codable, Hashable, Sendable {
  public var transaction: Digest
  public var genesis: Digest
  /// `applied`, or the reason why no operation was applied.
  public var outcome: String
  /// The index of the operation that failed; absent if none did.
  public var failedOperation: Int?
  public var height: Height
  public var block: Digest
  public var blockTime: Timestamp
  public var index: Int
  /// The epoch of the certificate that makes the block final, unless the chain has none; its view, and the indices of the
  /// validators that signed it.
  public var epoch: UInt64?
  public var view: UInt64
  public var validators: [Int]
  public var validUntil: Timestamp
  public var nonce: String
  public var operations: [RenderedOperation]
  public var signatures: [SignatureView]

  public init(_ receipt: Receipt, _ chain: ChainContext, _ hash: inout HashFunction) {
    let signed = receipt.transaction
    transaction = signed.id
    genesis = chain.genesis
    outcome = receipt.outcome.code.code
    failedOperation = receipt.outcome.isApplied ? nil : Int(receipt.outcome.operation)
    height = receipt.header.height
    block = receipt.header.digest(chain, hash: &hash)
    blockTime = receipt.header.timestamp
    index = Int(receipt.index)
    epoch = chain.hasEpochs ? receipt.certificate.round.epoch.rawValue : nil
    view = receipt.certificate.view.rawValue
    validators = receipt.certificate.signers.map { Int($0.rawValue) }
    validUntil = signed.validUntil
    nonce = String(signed.nonce)
    operations = RenderedOperation.list(signed.operations) { _ in nil }
    signatures = signed.signatures.map { SignatureView($0) }
  }
}
