/// Every setting of a node, written as in node.yaml and on the command line. The one place that knows their
/// names, defaults and explanations: the loader, the errors and the template are made from it.
package enum SettingsKey: String, CaseIterable, Sendable {
  case peersListen = "peers.listen"
  case peersAddresses = "peers.addresses"
  case apiHost = "api.host"
  case apiPort = "api.port"
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
  /// The part before the dot: a mapping in node.yaml.
  var section: String { components[0] }
  var name: String { components[1] }

  /// What the environment calls it: `api.port` is `ROADBED_API_PORT`, `files.voteKey` is `ROADBED_FILES_VOTE_KEY`.
  package var variable: String {
    var variable = SettingsKey.variablePrefix
    for character in rawValue {
      if character.isUppercase { variable.append("_") }
      variable.append(character == "." ? "_" : character.uppercased())
    }
    return variable
  }

  static let variablePrefix = "ROADBED_"

  /// The value if nobody gives one, as the environment would give it. Nil: genesis decides.
  var defaultText: String? {
    switch self {
    case .peersListen: nil
    case .peersAddresses: ""
    case .apiHost: "127.0.0.1"
    case .apiPort: "7400"
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
    case .historyArchive, .logFile: nil
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

  /// A value to show where there is no default.
  var exampleText: String {
    switch self {
    case .peersListen: "0.0.0.0:7500"
    case .historyArchive: "archive"
    case .logFile: "node.log"
    default: defaultText ?? ""
    }
  }

  /// Whether its value is text in YAML, which may need quotes, rather than a number, a truth value or a list.
  var form: Form {
    switch self {
    case .peersAddresses: .list
    case .snapshotsInterval, .snapshotsKeep, .snapshotsGap, .historyKeep, .historyScrub, .apiPort, .apiInsecure,
      .apiConnections, .apiMemory, .apiAddressShare, .apiTimeout, .apiIdle, .indexEnabled, .verifyThreads,
      .mempoolTransactions, .mempoolBytes,
      .mempoolMemberShare:
      .plain
    default: .text
    }
  }

  enum Form { case text, plain, list }

  /// For the template: lines of at most 100 characters.
  var explanation: [String] {
    switch self {
    case .peersListen:
      [
        "Where this node listens for the other validators, host:port. Without it: the address that genesis",
        "lists for this validator. Here as everywhere an IPv6 address stands in brackets, and in this file what",
        "begins with a bracket needs quotes: \"[::1]:7500\".",
      ]
    case .peersAddresses:
      ["Where to reach validators that are not at their address in genesis: [node2=10.0.0.2:7500, ...]."]
    case .apiHost: ["The address of the HTTP API."]
    case .apiPort: ["1 to 65535."]
    case .apiInsecure:
      [
        "Must be true if api.host is not a loopback address: the API itself has neither TLS nor passwords.",
        "Everyone who reaches it can read the ledger and submit signed transactions.",
      ]
    case .apiConnections:
      ["Connections at once. One more takes the place of the one that has been idle the longest."]
    case .apiMemory:
      ["Bytes of all request bodies, and of answers above 64 KiB that their clients have not taken yet, in memory."]
    case .apiAddressShare:
      [
        "One address's share of both, as a divisor: 4 lets an address have a quarter. 1 for a proxy on another",
        "machine that speaks for many clients; what comes from this machine itself is never divided.",
      ]
    case .apiTimeout:
      ["Seconds for the head of a request, and for a pause in a body or in the taking of an answer."]
    case .apiIdle: ["Seconds after which a connection without a request is closed."]
    case .filesGenesis: ["The genesis file, the same on every node. Paths are relative to the node's directory."]
    case .filesVoteKey:
      ["The key that signs this node's votes. Its passphrase comes from ROADBED_VOTE_PASSPHRASE only."]
    case .filesTransportKey: ["The key and the certificate of the links to the other validators."]
    case .filesTransportCertificate: []
    case .filesLog: ["The directory of the block log: what everything else of the node is made from."]
    case .filesLock:
      [
        "The file that keeps a second process out of the node's directory, for directories that cannot be written. The",
        "log's folder is locked as well.",
      ]
    case .filesIndex: ["The query index, a SQLite database that the node makes again from the log if it is missing."]
    case .filesSnapshots: ["The directory of the snapshots of the state, from which a start begins."]
    case .snapshotsInterval:
      [
        "Blocks from one snapshot to the next; 0 makes none, and a start then executes the whole chain. The same on",
        "all nodes is best: a node that joins can then fetch one snapshot from all of them.",
      ]
    case .snapshotsKeep: ["Snapshots that are kept; older ones are removed."]
    case .snapshotsGap:
      [
        "Blocks that this node must be behind before it fetches a snapshot rather than the blocks: it then has none of",
        "those below. 0 for never, on a node that is to keep the whole chain.",
      ]
    case .historyKeep:
      [
        "Blocks that stay in the log at least; 0 keeps all. Older ones leave it, in whole segments, once a snapshot",
        "stands above them: this node then cannot answer for them.",
      ]
    case .historyArchive:
      [
        "Where the segments that leave the log are kept, so that 'roadbed audit' still checks the whole chain.",
        "Without it: they are removed.",
      ]
    case .historyScrub:
      ["MiB of the log that are read and checked again in a second, in the background; 0 for no check."]
    case .indexEnabled:
      ["Without the index a node votes as usual, but cannot look up transactions, histories and record versions."]
    case .verifyThreads: ["Threads that check signatures; 0 is one for each processor core."]
    case .mempoolTransactions: ["Transactions, and their bytes, that wait for a block at most."]
    case .mempoolBytes: []
    case .mempoolMemberShare: ["One member's share of both, as a divisor: 4 lets a member take a quarter."]
    case .logLevel: ["trace, debug, info, notice, warning, error or critical."]
    case .logFormat: ["text for people, json for machines: one object a line."]
    case .logFile:
      [
        "The file that messages are appended to; without it: standard error. SIGHUP makes the node go on in the file",
        "that then has the path, so that the one before can be renamed.",
      ]
    }
  }
}
