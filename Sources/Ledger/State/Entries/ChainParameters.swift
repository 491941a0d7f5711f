public import Primitives

/// The settings of the chain as a whole.
public struct ChainParameters: Hashable, Sendable {
  /// The number of administrators that must act together.
  public var administratorThreshold: UInt16
  /// The bytes of one encoded block, and the operations of its transactions together.
  public var blockBytes: UInt32
  public var blockOperations: UInt32
  /// How far a transaction's `validUntil` may lie after a block's time, in milliseconds.
  public var validityMilliseconds: UInt32

  public init(
    administratorThreshold: UInt16, blockBytes: UInt32 = Limits.settableBlockBytes.upperBound,
    blockOperations: UInt32 = Limits.settableBlockOperations.upperBound,
    validityMilliseconds: UInt32 = Limits.settableValidity.upperBound
  ) {
    self.administratorThreshold = administratorThreshold
    self.blockBytes = blockBytes
    self.blockOperations = blockOperations
    self.validityMilliseconds = validityMilliseconds
  }
}

extension ChainParameters {
  /// Writes the value of the entry in the state.
  func encodeValue(into writer: inout Writer) {
    writer.integer(administratorThreshold)
    writer.integer(blockBytes)
    writer.integer(blockOperations)
    writer.integer(validityMilliseconds)
  }

  init(valueFrom reader: inout Reader) throws(CodecError) {
    administratorThreshold = try reader.integer()
    guard administratorThreshold > 0 else { throw .invalid(field: "administrator threshold (must not be zero)") }
    blockBytes = try reader.integer()
    guard Limits.settableBlockBytes.contains(blockBytes) else { throw .invalid(field: "bytes of a block") }
    blockOperations = try reader.integer()
    guard Limits.settableBlockOperations.contains(blockOperations) else {
      throw .invalid(field: "operations of a block")
    }
    validityMilliseconds = try reader.integer()
    guard Limits.settableValidity.contains(validityMilliseconds) else {
      throw .invalid(field: "validity of transactions")
    }
  }
}
