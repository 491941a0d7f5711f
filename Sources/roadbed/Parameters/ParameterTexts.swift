import Ledger

extension ChainParameter {
  /// What the parameter is, in a few words.
  var meaning: String {
    switch self {
    case .administratorThreshold: "administrators that must act together"
    case .blockBytes: "bytes of a block"
    case .blockOperations: "operations of a block"
    case .validityMilliseconds: "how far ahead a transaction may expire, in milliseconds"
    case .leaderTimeoutMilliseconds: "how long a message is assumed to take at most, in milliseconds"
    case .rulesVersion: "version of the rules by which blocks change the state"
    }
  }
}
