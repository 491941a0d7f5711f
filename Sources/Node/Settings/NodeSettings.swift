package import Ledger
package import Logging
internal import Primitives
package import Replica

/// The settings that a node's operator chooses. None of them can make two nodes disagree: everything that nodes must
/// share is in genesis.
package struct NodeSettings: Hashable, Sendable {
  package enum LogFormat: String, CaseIterable, Sendable {
    case text
    case json
  }

  /// The node's directory, which contains all files whose paths are not set.
  package var directory: String

  /// Where to listen for peers; nil: at the first address that the directory lists for this node.
  package var peerListen: Endpoint?
  /// The addresses of nodes that differ from those in the directory.
  package var peerAddresses: [Name: Endpoint]

  /// Nodes to fetch from as long as the chain's directory does not list them.
  package var bootstrapPeers: [BootstrapPeer]
  package static let bootstrapLimit = 8
  /// What opened an epoch, as the operator knows it from elsewhere.
  package var checkpoint: Checkpoint?

  package var apiListen: Endpoint
  /// Names by which clients may call the API, besides its host and those of the machine itself.
  package var apiNames: [String]
  /// Whether the operator allows other machines to reach the API without TLS.
  package var isAPIInsecure: Bool
  /// The maximum number of API connections.
  package var apiConnections: Int
  /// The maximum bytes of request bodies and answers that the API holds in memory.
  package var apiMemory: Int
  /// One address may use this fraction, 1/`apiAddressShare`, of the connections and the memory.
  package var apiAddressShare: Int
  /// Seconds allowed for the head of a request, and for a pause in a transfer.
  package var apiTimeout: Int
  /// Seconds after which a connection without a request is closed.
  package var apiIdle: Int

  // Paths are absolute or relative to the working directory of the process, not to the node's directory.
  package var genesisFile: String
  package var voteKeyFile: String
  package var transportKeyFile: String
  package var transportCertificateFile: String
  package var logDirectory: String
  package var lockFile: String
  package var indexFile: String
  package var votePassphrase: Passphrase?
  /// The socket of the process that has the vote keys; nil: they are in files.
  package var signerSocket: String?

  package var snapshotDirectory: String
  /// The node makes a snapshot at every height that is a multiple of this; 0: never.
  package var snapshotInterval: UInt64
  /// How many snapshots to keep; at least 1.
  package var snapshotsKept: Int
  /// How many heights the node must be behind before it fetches a snapshot; 0: never.
  package var snapshotGap: UInt64
  /// The minimum number of heights whose blocks stay in the log; 0: all.
  package var historyKept: UInt64
  /// Where segments are archived when they leave the log; nil: nowhere.
  package var archiveDirectory: String?
  /// Bytes per second that the background check of the log reads; 0: it does not run.
  package var scrubRate: Int

  package var isIndexEnabled: Bool
  /// The number of threads that check signatures; at least 1.
  package var verifyThreads: Int

  package var mempoolTransactions: Int
  package var mempoolBytes: Int
  /// One member may use this fraction, 1/`mempoolMemberShare`, of the mempool's transactions and bytes.
  package var mempoolMemberShare: Int

  package var logLevel: Logger.Level
  package var logFormat: LogFormat
  /// The file for log messages; nil: standard error.
  package var logFile: String?

  /// Environment variables with the prefix of settings that resemble no setting, so that they probably belong to other
  /// programs.
  package var unusedVariables: [String] = []

  /// The bootstrap peers but for this node itself, which settings that several nodes share may name.
  func bootstrapPeers(except own: Digest) -> [BootstrapPeer] { bootstrapPeers.filter { $0.pin != own } }

  /// The file in the node's directory that `load` reads.
  package static let fileName = "node.yaml"
}
