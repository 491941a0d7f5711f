public import Cryptography
public import Primitives

/// The result of executing a block, in digests. A finalize vote signs the digest of the result.
public struct BlockResult: Hashable, Sendable {
  public static let byteCount = 8 + 3 * Digest.byteCount + 8 + Digest.byteCount

  public var height: Height
  /// The digest of the block's header.
  public var block: Digest
  /// The root of the state map after the block.
  public var stateRoot: Digest
  /// The root of the RFC 6962 tree over the outcomes; see `OutcomeTree`.
  public var outcomeRoot: Digest
  /// The epoch of the blocks above and its configuration; nil in a chain that has no epochs.
  public var above: EpochReference?

  public init(height: Height, block: Digest, stateRoot: Digest, outcomeRoot: Digest, above: EpochReference?) {
    self.height = height
    self.block = block
    self.stateRoot = stateRoot
    self.outcomeRoot = outcomeRoot
    self.above = above
  }

  /// Writes height, block, state root and outcome root, then the epoch of the blocks above and the digest of its
  /// configuration: 144 bytes, or 104 without epochs.
  public func encode(into writer: inout Writer) {
    writer.integer(height.rawValue)
    writer.digest(block)
    writer.digest(stateRoot)
    writer.digest(outcomeRoot)
    above?.encode(into: &writer)
  }

  public init(from reader: inout Reader, hasEpochs: Bool = true) throws(CodecError) {
    height = Height(try reader.integer())
    block = try reader.digest()
    stateRoot = try reader.digest()
    outcomeRoot = try reader.digest()
    above = hasEpochs ? try EpochReference(from: &reader) : nil
  }

  /// The result's digest. `hash` must be of the chain's suite. The chain is bound by the block's digest.
  public func digest(hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: BlockResult.byteCount)
    encode(into: &writer)
    return hash.hash(above == nil ? .blockResultWithoutEpoch : .blockResult, writer.bytes.span.bytes)
  }
}
