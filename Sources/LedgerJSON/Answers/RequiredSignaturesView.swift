public import Ledger

/// The signatures that some operations of a transaction need: those of one of the parties.
public struct RequiredSignaturesView: Codable, Hashable, Sendable {
  /// The indices of the operations, ascending.
  public var operations: [Int]
  /// Whether one of the parties has signed as far as is needed.
  public var signed: Bool
  /// One of them is enough.
  public var parties: [SigningPartyView]

  public init(_ required: RequiredSignatures) {
    operations = required.operations
    signed = required.areThere
    parties = required.parties.map(SigningPartyView.init)
  }
}
