public import Ledger
public import Primitives

/// The settings of the chain as a whole. `GET /v1/parameters`.
public struct ParametersView: Codable, Hashable, Sendable {
  public var administratorThreshold: UInt16
  public var blockBytes: UInt32
  public var blockOperations: UInt32
  public var validityMilliseconds: UInt32
  public var leaderTimeoutMilliseconds: UInt32
  public var rulesVersion: UInt16
  /// The digest of the configuration, which changes to it name, and the epoch of the next block.
  public var configuration: Digest
  public var epoch: UInt64
  /// The height for which the answer is true.
  public var height: Height

  /// - Parameter point: the block after which the settings are as given.
  public init(_ parameters: ChainParameters, _ configuration: ChainConfiguration, _ point: ChainPoint) {
    administratorThreshold = parameters.administratorThreshold
    blockBytes = parameters.blockBytes
    blockOperations = parameters.blockOperations
    validityMilliseconds = parameters.validityMilliseconds
    leaderTimeoutMilliseconds = configuration.leaderTimeoutMilliseconds
    rulesVersion = configuration.rulesVersion
    self.configuration = point.above.configuration
    epoch = point.above.epoch.rawValue
    height = point.height
  }

  /// The value of a setting.
  public subscript(parameter: ChainParameter) -> UInt64 {
    switch parameter {
    case .administratorThreshold: UInt64(administratorThreshold)
    case .blockBytes: UInt64(blockBytes)
    case .blockOperations: UInt64(blockOperations)
    case .validityMilliseconds: UInt64(validityMilliseconds)
    case .leaderTimeoutMilliseconds: UInt64(leaderTimeoutMilliseconds)
    case .rulesVersion: UInt64(rulesVersion)
    }
  }
}
