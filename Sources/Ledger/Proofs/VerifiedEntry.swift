public import Primitives

/// What a proof about the state has proved.
public struct VerifiedEntry: Hashable, Sendable {
  public let key: StateKey
  /// The entry under the key; nil if the state has none. A balance without an entry is zero.
  public let entry: StateEntry?
  /// The height of the block after which this is so. Later blocks may have changed it.
  public let height: Height
  public let block: Digest
  public let timestamp: Timestamp
  /// The round of the finalization that covers the block.
  public let round: Round
  /// The names of the validators that signed it.
  public let signers: [String]
  /// Whether the verifier has a checkpoint of a later epoch.
  public let isBelowCheckpoint: Bool
}
