public import Ledger
public import Primitives

/// A signature of a transaction that was tried.
public struct SignatureCheckView: Codable, Hashable, Sendable {
  public var member: Name
  public var key: PublicKey
  /// Whether it is valid, and made with a current key of an active member.
  public var counts: Bool
  /// Why it does not count; absent if it does.
  public var error: ErrorDetail?

  public init(_ signature: TransactionSignature, error: ErrorDetail?) {
    member = signature.member
    key = signature.key
    counts = error == nil
    self.error = error
  }
}
