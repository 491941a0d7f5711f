package import Ledger
package import Logging

/// What a node's operator decides. Nothing in it can make two nodes disagree: what they must share is in genesis.
package struct NodeSettings: Hashable, Sendable {
  package enum LogFormat: String, CaseIterable, Sendable {
    case text
    case json
  }

  /// The node's directory, which holds all files that are not given elsewhere.
  package var directory: String

  /// Nil: the address that genesis lists for this validator.
  package var peerListen: Endpoint?
  /// Validators that are not reached at their address in genesis.
  package var peerAddresses: [Name: Endpoint]

  package var apiListen: Endpoint
  /// The operator wants the API reachable from elsewhere without TLS.
  package var isAPIInsecure: Bool
  /// Connections of the API, and the bytes of bodies and answers that it holds; one address's share of both is an
  /// `apiAddressShare`-th.
  package var apiConnections: Int
  package var apiMemory: Int
  package var apiAddressShare: Int
  /// Seconds.
  package var apiTimeout: Int
  package var apiIdle: Int

  // Paths, absolute or relative to the process, not to the node's directory.
  package var genesisFile: String
  package var voteKeyFile: String
  package var transportKeyFile: String
  package var transportCertificateFile: String
  package var logDirectory: String
  package var lockFile: String
  package var indexFile: String
  package var votePassphrase: Passphrase?

  package var snapshotDirectory: String
  /// A snapshot at every height that is a multiple of it; 0: none.
  package var snapshotInterval: UInt64
  /// At least 1.
  package var snapshotsKept: Int
  /// Heights that the node must be behind before it fetches a snapshot; 0: never.
  package var snapshotGap: UInt64
  /// Heights whose blocks stay in the log at least; 0: all.
  package var historyKept: UInt64
  /// Where segments go that leave the log; nil: nowhere.
  package var archiveDirectory: String?
  /// Bytes that the background check reads in a second; 0: it does not run.
  package var scrubRate: Int

  package var isIndexEnabled: Bool
  /// At least 1.
  package var verifyThreads: Int

  package var mempoolTransactions: Int
  package var mempoolBytes: Int
  /// One member's share is a `mempoolMemberShare`-th of both.
  package var mempoolMemberShare: Int

  package var logLevel: Logger.Level
  package var logFormat: LogFormat
  /// Where messages go; nil: standard error.
  package var logFile: String?

  /// Variables that begin as a setting's does and are like none: other programs' business.
  package var unusedVariables: [String] = []

  /// The file in the node's directory that `load` reads.
  package static let fileName = "node.yaml"
}
