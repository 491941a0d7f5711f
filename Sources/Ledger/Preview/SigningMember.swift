/// A member that must sign a transaction, or has signed it with at least one key.
public struct SigningMember: Hashable, Sendable {
  public let name: Name
  /// How many of the keys that the member has when the operation is reached have signed.
  public let signed: Int
  /// How many of them must; nil if there is no such member.
  public let threshold: Int?
  public let isSuspended: Bool

  /// Whether enough keys have signed.
  public var acts: Bool { !isSuspended && threshold.map { signed >= $0 } ?? false }
}
