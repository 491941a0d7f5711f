public import Primitives

/// A transaction that cannot be applied again. They are in order of the end of their time, then of their ids.
public struct RememberedIdentity: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let id: Digest
  /// After it no block takes the transaction anyway.
  public let validUntil: Timestamp

  public init(id: Digest, validUntil: Timestamp) {
    self.id = id
    self.validUntil = validUntil
  }

  public static func < (left: RememberedIdentity, right: RememberedIdentity) -> Bool {
    left.validUntil != right.validUntil ? left.validUntil < right.validUntil : left.id < right.id
  }
}
