public import Primitives

/// A transaction that cannot be applied again. Ordered by `validUntil`, then by id.
public struct RememberedIdentity: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let id: Digest
  /// No block after this time accepts the transaction in any case.
  public let validUntil: Timestamp

  public init(id: Digest, validUntil: Timestamp) {
    self.id = id
    self.validUntil = validUntil
  }

  public static func < (left: RememberedIdentity, right: RememberedIdentity) -> Bool {
    left.validUntil != right.validUntil ? left.validUntil < right.validUntil : left.id < right.id
  }
}
