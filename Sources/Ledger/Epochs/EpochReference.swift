public import Primitives

/// Who decides about the blocks above a block: the epoch, and the digest of its configuration. Part of each result, so
/// that whoever trusts a result knows which validators to trust next.
public struct EpochReference: Hashable, Sendable {
  public var epoch: Epoch
  /// The digest of `ChainConfiguration`.
  public var configuration: Digest

  public init(epoch: Epoch, configuration: Digest) {
    self.epoch = epoch
    self.configuration = configuration
  }

  /// Writes epoch and digest: 40 bytes.
  func encode(into writer: inout Writer) {
    writer.integer(epoch.rawValue)
    writer.digest(configuration)
  }

  init(from reader: inout Reader) throws(CodecError) {
    epoch = Epoch(try reader.integer())
    configuration = try reader.digest()
  }
}
