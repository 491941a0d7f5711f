public import Ledger
public import Primitives

/// One signature on a transaction.
public struct SignatureView: Codable, Hashable, Sendable {
  public var member: Name
  public var key: PublicKey
  public var signature: Signature

  public init(_ signature: TransactionSignature) {
    member = signature.member
    key = signature.key
    self.signature = signature.signature
  }
}
