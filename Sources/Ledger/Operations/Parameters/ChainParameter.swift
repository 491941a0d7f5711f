internal import Primitives

/// A setting of the chain as a whole that the administrators can change.
public enum ChainParameter: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case administratorThreshold = 1
  case blockBytes = 2
  case blockOperations = 3
  case validityMilliseconds = 4
  case leaderTimeoutMilliseconds = 5
  case rulesVersion = 6

  /// The name in JSON and on the command line.
  public var name: String {
    switch self {
    case .administratorThreshold: "administratorThreshold"
    case .blockBytes: "blockBytes"
    case .blockOperations: "blockOperations"
    case .validityMilliseconds: "validityMilliseconds"
    case .leaderTimeoutMilliseconds: "leaderTimeoutMilliseconds"
    case .rulesVersion: "rulesVersion"
    }
  }

  /// Whether it is part of the configuration, so that another value begins an epoch.
  public var isConfigured: Bool {
    switch self {
    case .administratorThreshold, .blockBytes, .blockOperations, .validityMilliseconds: false
    case .leaderTimeoutMilliseconds, .rulesVersion: true
    }
  }

  public init?(name: some StringProtocol) {
    guard let parameter = ChainParameter.allCases.first(where: { $0.name == name }) else { return nil }
    self = parameter
  }

  /// The values that no state forbids. With any of them, the chain goes on and can be given another.
  public var bounds: ClosedRange<UInt64> {
    switch self {
    case .administratorThreshold: 1...UInt64(UInt16.max)
    case .blockBytes: Self.wide(Limits.settableBlockBytes)
    case .blockOperations: Self.wide(Limits.settableBlockOperations)
    case .validityMilliseconds: Self.wide(Limits.settableValidity)
    case .leaderTimeoutMilliseconds: Self.wide(Limits.leaderTimeoutMilliseconds)
    case .rulesVersion: UInt64(Genesis.executedVersions.lowerBound)...UInt64(UInt16.max)
    }
  }

  private static func wide(_ range: ClosedRange<UInt32>) -> ClosedRange<UInt64> {
    UInt64(range.lowerBound)...UInt64(range.upperBound)
  }
}

extension ChainParameters {
  /// Sets a parameter to a value within its bounds; ignores those of the configuration.
  mutating func set(_ parameter: ChainParameter, to value: UInt64) {
    switch parameter {
    case .administratorThreshold: administratorThreshold = UInt16(value)
    case .blockBytes: blockBytes = UInt32(value)
    case .blockOperations: blockOperations = UInt32(value)
    case .validityMilliseconds: validityMilliseconds = UInt32(value)
    case .leaderTimeoutMilliseconds, .rulesVersion: break
    }
  }
}
