public import Ledger
public import Primitives

/// The settings of the chain as a whole. `GET /v1/parameters`.
public struct ParametersView: Codable, Hashable, Sendable {
  public var administratorThreshold: UInt16
  public var blockBytes: UInt32
  public var blockOperations: UInt32
  public var validityMilliseconds: UInt32
  /// The height for which the answer is true.
  public var height: Height

  public init(_ parameters: ChainParameters, height: Height) {
    administratorThreshold = parameters.administratorThreshold
    blockBytes = parameters.blockBytes
    blockOperations = parameters.blockOperations
    validityMilliseconds = parameters.validityMilliseconds
    self.height = height
  }

  public var parameters: ChainParameters {
    ChainParameters(
      administratorThreshold: administratorThreshold, blockBytes: blockBytes, blockOperations: blockOperations,
      validityMilliseconds: validityMilliseconds)
  }
}
