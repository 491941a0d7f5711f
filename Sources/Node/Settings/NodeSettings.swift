package import Ledger
package import Logging

/// What a node's operator decides. Nothing in it can make two nodes disagree: everything that they must share is in genesis.
package struct NodeSettings: Hashable, Sendable {
  package enum LogFormat: String, CaseIterable, Sendable {
    case text
    case json
  }

  /// The node's directory, which contains all files whose paths are not set.
  package var directory: String

  /// Nil: the address that genesis lists for this validator.
  package var peerListen: Endpoint?
  /// Validators whose address differs from the one in genesis.
  package var peerAddresses: [Name: Endpoint]

  package var apiListen: Endpoint
  /// The operator allows other machines to reach the API without TLS.
  package var isAPIInsecure: Bool
  /// Connections of the API, and the bytes of bodies and answers that it holds; one address may use an `apiAddressShare`-th
  /// of both.
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
  /// There is a snapshot at every height that is a multiple of this; 0: none.
  package var snapshotInterval: UInt64
  /// At least 1.
  package var snapshotsKept: Int
  /// How many heights the node must be behind before it fetches a snapshot; 0: never.
  package var snapshotGap: UInt64
  /// The least number of heights whose blocks stay in the log; 0: all.
  package var historyKept: UInt64
  /// Where segments that leave the log are archived; nil: nowhere.
  package var archiveDirectory: String?
  /// Bytes that the background check reads a second; 0: it does not run.
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

  /// Environment variables with the prefix of settings that resemble no setting: they belong to other programs.
  package var unusedVariables: [String] = []

  /// The file in the node's directory that `load` reads.
  package static let fileName = "node.yaml"
}
