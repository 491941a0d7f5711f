public import Primitives

/// What a verifier knows of an epoch from another source, such as the operators' announcements: the result of the block that
/// opened it. Whoever has a checkpoint need not rely on keys of earlier epochs, which may have leaked since.
public struct Checkpoint: Hashable, Sendable {
  /// Above the first epoch.
  public var epoch: Epoch
  /// The digest of the result of the last block of the epoch before.
  public var result: Digest

  public init(epoch: Epoch, result: Digest) {
    self.epoch = epoch
    self.result = result
  }
}

extension Checkpoint: CustomStringConvertible {
  /// The epoch, a colon, and the digest in hexadecimal.
  public var description: String { "\(epoch):\(result)" }

  /// Reads what `description` writes. Returns nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = UInt64(parts[0]), epoch > 0, String(epoch) == parts[0],
      let result = Digest(hex: parts[1])
    else { return nil }
    self.init(epoch: Epoch(epoch), result: result)
  }
}
