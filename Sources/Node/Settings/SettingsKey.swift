/// Every setting of a node, written as in node.yaml and on the command line. The loader, the errors and the template
/// take names, defaults and explanations from here.
package enum SettingsKey: String, CaseIterable, Sendable {
  case peersListen = "peers.listen"
  case peersAddresses = "peers.addresses"
  case peersBootstrap = "peers.bootstrap"
  case chainCheckpoint = "chain.checkpoint"
  case apiHost = "api.host"
  case apiPort = "api.port"
  case apiNames = "api.names"
  case apiInsecure = "api.insecure"
  case apiConnections = "api.connections"
  case apiMemory = "api.memory"
  case apiAddressShare = "api.addressShare"
  case apiTimeout = "api.timeout"
  case apiIdle = "api.idle"
  case filesGenesis = "files.genesis"
  case filesVoteKey = "files.voteKey"
  case filesTransportKey = "files.transportKey"
  case filesTransportCertificate = "files.transportCertificate"
  case filesLog = "files.log"
  case filesLock = "files.lock"
  case filesIndex = "files.index"
  case filesSnapshots = "files.snapshots"
  case signerSocket = "signer.socket"
  case snapshotsInterval = "snapshots.interval"
  case snapshotsKeep = "snapshots.keep"
  case snapshotsGap = "snapshots.gap"
  case historyKeep = "history.keep"
  case historyArchive = "history.archive"
  case historyScrub = "history.scrub"
  case indexEnabled = "index.enabled"
  case verifyThreads = "verify.threads"
  case mempoolTransactions = "mempool.transactions"
  case mempoolBytes = "mempool.bytes"
  case mempoolMemberShare = "mempool.memberShare"
  case logLevel = "log.level"
  case logFormat = "log.format"
  case logFile = "log.file"

  var components: [String] { rawValue.split(separator: ".").map(String.init) }
  /// The part before the dot, which is a mapping in node.yaml.
  var section: String { components[0] }
  var name: String { components[1] }

  /// The name of its environment variable: `ROADBED_API_PORT` for `api.port`, `ROADBED_FILES_VOTE_KEY` for
  /// `files.voteKey`.
  package var variable: String {
    var variable = SettingsKey.variablePrefix
    for character in rawValue {
      if character.isUppercase { variable.append("_") }
      variable.append(character == "." ? "_" : character.uppercased())
    }
    return variable
  }

  static let variablePrefix = "ROADBED_"

  /// The default value, written as in the environment; nil if there is no fixed default.
  var defaultText: String? {
    switch self {
    case .peersListen: nil
    case .peersAddresses, .peersBootstrap: ""
    case .apiHost: "127.0.0.1"
    case .apiPort: "7400"
    case .apiNames: ""
    case .apiInsecure: "false"
    case .apiConnections: "1000"
    case .apiMemory: "134217728"
    case .apiAddressShare: "4"
    case .apiTimeout: "10"
    case .apiIdle: "90"
    case .filesGenesis: "genesis.json"
    case .filesVoteKey: "keys/vote.pem"
    case .filesTransportKey: "keys/transport.pem"
    case .filesTransportCertificate: "keys/transport.crt"
    case .filesLog: "log"
    case .filesLock: "LOCK"
    case .filesIndex: "index.sqlite"
    case .filesSnapshots: "snapshots"
    case .snapshotsInterval: "20000"
    case .snapshotsKeep: "2"
    case .snapshotsGap: "10000"
    case .historyKeep: "0"
    case .historyArchive, .logFile, .chainCheckpoint, .signerSocket: nil
    case .historyScrub: "4"
    case .indexEnabled: "true"
    case .verifyThreads: "0"
    case .mempoolTransactions: "100000"
    case .mempoolBytes: "268435456"
    case .mempoolMemberShare: "4"
    case .logLevel: "info"
    case .logFormat: "text"
    }
  }

  /// The value that the template shows: the default, or an example if there is none.
  var exampleText: String {
    switch self {
    case .peersListen: "0.0.0.0:7500"
    case .chainCheckpoint: "1:0000000000000000000000000000000000000000000000000000000000000000"
    case .signerSocket: "signer/signer.sock"
    case .historyArchive: "archive"
    case .logFile: "node.log"
    default: defaultText ?? ""
    }
  }

  /// Whether the value in YAML is text, which may need quotes, a plain number or truth value, or a list.
  var form: Form {
    switch self {
    case .peersAddresses, .peersBootstrap, .apiNames: .list
    case .snapshotsInterval, .snapshotsKeep, .snapshotsGap, .historyKeep, .historyScrub, .apiPort, .apiInsecure,
      .apiConnections, .apiMemory, .apiAddressShare, .apiTimeout, .apiIdle, .indexEnabled, .verifyThreads,
      .mempoolTransactions, .mempoolBytes,
      .mempoolMemberShare:
      .plain
    default: .text
    }
  }

  enum Form { case text, plain, list }

  /// The comment in the template, in lines of at most 115 characters.
  var explanation: [String] {
    switch self {
    case .peersListen:
      [
        "Where this node listens for the other nodes, host:port. Default: the first address that the chain's directory",
        "lists for it when it starts. Put an IPv6 address in brackets, and in this file quote any value that begins",
        "with a bracket: \"[::1]:7500\".",
      ]
    case .peersAddresses:
      ["Addresses of nodes that differ from the chain's directory: [node2=10.0.0.2:7500, ...]."]
    case .peersBootstrap:
      [
        "Nodes to fetch from as long as the chain's directory, as far as this node knows it, does not list them:",
        "[transport key@host:port, ...], at most \(NodeSettings.bootstrapLimit). A node that joins needs one if the nodes",
        "that genesis lists have other TLS keys or addresses by now.",
      ]
    case .chainCheckpoint:
      [
        "What opened an epoch, as other operators see it (`roadbed validator list`). The node stops if its chain differs,",
        "so it need not rely on keys that were a validator's before. No default.",
      ]
    case .apiHost: ["The address of the HTTP API."]
    case .apiPort: ["1 to 65535."]
    case .apiNames:
      [
        "Names by which clients call this node, besides localhost, 127.0.0.1, [::1] and api.host: [ledger.example, ...].",
        "At a loopback address all others are refused, so that no page in a browser can reach the API under a name of",
        "its own; if names are given, at every address. A proxy that passes the client's Host on needs its name here.",
      ]
    case .apiInsecure:
      [
        "Must be true if api.host is not a loopback address: the API itself has neither TLS nor passwords.",
        "Anyone who can reach it can read the ledger and submit signed transactions.",
      ]
    case .apiConnections:
      ["The maximum number of connections. A further one replaces the one that has been idle longest."]
    case .apiMemory:
      [
        "The maximum bytes in memory of request bodies, and of answers above 64 KiB that their clients have not read yet."
      ]
    case .apiAddressShare:
      [
        "One address's share of both, as a divisor: 4 allows each address a quarter. Use 1 for a proxy on another",
        "machine that serves many clients. Connections from this machine itself are not limited to a share.",
      ]
    case .apiTimeout:
      ["Seconds allowed for the head of a request, and for a pause in sending a body or reading an answer."]
    case .apiIdle: ["Seconds after which a connection without a request is closed."]
    case .filesGenesis: ["The genesis file, the same on every node. Paths are relative to the node's directory."]
    case .filesVoteKey:
      [
        "The key that signs this node's votes: a file, or a pkcs11: URI if it is in a token. Its passphrase, or PIN,",
        "comes only from ROADBED_VOTE_PASSPHRASE, or from the file that the URI names.",
      ]
    case .filesTransportKey: ["The key and the certificate for the links to the other validators."]
    case .filesTransportCertificate: []
    case .filesLog: ["The directory of the block log, from which everything else at the node is derived."]
    case .filesLock:
      [
        "The file that keeps a second process out of the node's directory. Move it elsewhere if the directory cannot be",
        "written. The log's folder is locked as well.",
      ]
    case .filesIndex: ["The query index, a SQLite database that the node rebuilds from the log if it is missing."]
    case .filesSnapshots: ["The directory of the state snapshots, from which a node starts."]
    case .signerSocket:
      [
        "The socket of a signer process (`roadbed signer`), which then has this node's vote keys in place of files.voteKey.",
        "A node whose signer is away does not vote, and goes on by itself. Default: the node signs with files.voteKey.",
      ]
    case .snapshotsInterval:
      [
        "Blocks from one snapshot to the next, if they have less than 4 GiB; with 0 there are none, and a start executes the",
        "whole chain. Use the same value on all nodes, so that a joining node can fetch one snapshot from all of them.",
      ]
    case .snapshotsKeep: ["How many snapshots to keep; older ones are removed."]
    case .snapshotsGap:
      [
        "How many blocks behind this node must be before it fetches a snapshot instead of the blocks; it then lacks the",
        "blocks below the snapshot. Use 0, never, on a node that must keep the whole chain.",
      ]
    case .historyKeep:
      [
        "The minimum number of blocks that stay in the log; 0 keeps all. Older ones leave it, in complete segments, once",
        "there is a snapshot above them; this node can then no longer serve them.",
      ]
    case .historyArchive:
      [
        "Where to keep the segments that leave the log, so that 'roadbed audit' can still verify the whole chain.",
        "Default: they are removed.",
      ]
    case .historyScrub:
      ["MiB of the log that are re-read and checked each second, in the background; 0 for no check."]
    case .indexEnabled:
      ["Without the index, a node votes as usual but cannot look up transactions, histories and record versions."]
    case .verifyThreads: ["Threads that verify signatures; 0 means one for each processor core."]
    case .mempoolTransactions: ["The maximum number of transactions that wait for a block, and of their bytes."]
    case .mempoolBytes: []
    case .mempoolMemberShare: ["One member's share of both, as a divisor: 4 allows each member a quarter."]
    case .logLevel: ["trace, debug, info, notice, warning, error or critical."]
    case .logFormat: ["text for people, or json for programs: one object per line."]
    case .logFile:
      [
        "The file to which messages are appended. Default: standard error. On SIGHUP the node reopens this path, so that",
        "you can rename the previous file.",
      ]
    }
  }
}
