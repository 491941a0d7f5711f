/// The signatures that some operations of a transaction need: those of one of the parties.
public struct RequiredSignatures: Hashable, Sendable {
  /// Never empty. One of them is enough.
  public let parties: [SigningParty]
  /// The indices of the operations, ascending.
  public internal(set) var operations: [Int]

  public var areThere: Bool { parties.contains(where: \.acts) }
}
