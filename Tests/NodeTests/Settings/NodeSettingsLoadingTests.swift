import Foundation
import Ledger
import Logging
import Primitives
import Replica
import TestHarness
import Testing

@testable import Node

@Testing.Suite("Loading a node's settings")
struct NodeSettingsLoadingTests {
  private static let zeros = String(repeating: "0", count: 64)
  private static let pin = String(repeating: "a1", count: 32)

  private func load(
    _ yaml: String? = nil, environment: [String: String] = [:], overrides: [String: String] = [:]
  ) throws -> NodeSettings {
    let directory = try TemporaryDirectory()
    if let yaml { try directory.write(yaml, to: "node.yaml") }
    return try NodeSettings.load(directory: directory.path, environment: environment, overrides: overrides)
  }

  /// The error that loading throws; places in the file have the path "node.yaml".
  private func failure(
    _ yaml: String? = nil, environment: [String: String] = [:], overrides: [String: String] = [:]
  ) throws -> NodeSettingsError {
    let directory = try TemporaryDirectory()
    if let yaml { try directory.write(yaml, to: "node.yaml") }
    let error = try #require(throws: NodeSettingsError.self) {
      try NodeSettings.load(directory: directory.path, environment: environment, overrides: overrides)
    }
    func short(_ place: SettingPlace) -> SettingPlace {
      guard case .file(directory.file("node.yaml"), let line) = place else { return place }
      return .file(path: "node.yaml", line: line)
    }
    switch error {
    case .unknownKey(let key, let place, let nearest): return .unknownKey(key, short(place), nearest: nearest)
    case .wrongValue(let key, let value, let place, let allowed):
      return .wrongValue(key: key, value: value, short(place), allowed: allowed)
    case .environmentOnly(let key, let place): return .environmentOnly(key: key, short(place))
    case .insecure(let host, let place): return .insecure(host: host, short(place))
    case .notYAML(_, let line, let reason): return .notYAML(path: "node.yaml", line: line, reason: reason)
    case .tooLarge(_, let bytes, let limit): return .tooLarge(path: "node.yaml", bytes: bytes, limit: limit)
    default: return error
    }
  }

  @Test("Without a file, variables and flags every setting has its default")
  func defaults() throws {
    let directory = try TemporaryDirectory()
    let settings = try NodeSettings.load(directory: directory.path)
    #expect(
      settings
        == NodeSettings(
          directory: directory.path, peerListen: nil, peerAddresses: [:], bootstrapPeers: [],
          apiListen: Endpoint(host: "127.0.0.1", port: 7400), apiNames: [], isAPIInsecure: false,
          apiConnections: 1000, apiMemory: 128 << 20, apiAddressShare: 4, apiTimeout: 10, apiIdle: 90,
          genesisFile: directory.file("genesis.json"), voteKeyFile: directory.file("keys/vote.pem"),
          transportKeyFile: directory.file("keys/transport.pem"),
          transportCertificateFile: directory.file("keys/transport.crt"), logDirectory: directory.file("log"),
          lockFile: directory.file("LOCK"),
          indexFile: directory.file("index.sqlite"), votePassphrase: nil,
          snapshotDirectory: directory.file("snapshots"), snapshotInterval: 20_000, snapshotsKept: 2,
          snapshotGap: 10_000, historyKept: 0,
          archiveDirectory: nil, scrubRate: 4 << 20, isIndexEnabled: true,
          verifyThreads: ProcessInfo.processInfo.activeProcessorCount, mempoolTransactions: 100_000,
          mempoolBytes: 256 << 20, mempoolMemberShare: 4, logLevel: .info, logFormat: .text))
  }

  @Test(
    "An empty file, and sections without settings, are the defaults",
    arguments: ["", "# only this\n", "api:\n", "---\n"])
  func nothingGiven(yaml: String) throws {
    let directory = try TemporaryDirectory()
    let before = try NodeSettings.load(directory: directory.path)
    try directory.write(yaml, to: "node.yaml")
    #expect(try NodeSettings.load(directory: directory.path) == before)
  }

  @Test("A flag takes precedence over a variable, a variable over the file, the file over the default")
  func precedence() throws {
    let yaml = "api:\n  port: 7001\nlog:\n  level: debug\n"
    let environment = ["ROADBED_API_PORT": "7002", "ROADBED_LOG_LEVEL": "error", "PATH": "/bin", "ROADBED_STRICT": "1"]
    #expect(try load(yaml).apiListen.port == 7001)
    #expect(try load(yaml, environment: environment).apiListen.port == 7002)
    let settings = try load(yaml, environment: environment, overrides: ["api.port": "7003"])
    #expect(settings.apiListen.port == 7003)
    #expect(settings.logLevel == .error)
    #expect(settings.logFormat == .text)
  }

  @Test("Every setting can be given in the file, by a variable and by a flag")
  func everySetting() throws {
    let yaml = """
      peers:
        listen: "[::]:7500"
        addresses: [node2=10.0.0.2:7500, "bank.c=[fd00::3]:7501"]
        bootstrap: ["\(Self.pin)@[fd00::4]:7502"]
      chain:
        checkpoint: 7:\(Self.zeros)
      api:
        host: 0.0.0.0
        port: 8080
        names: [ledger.example, "[fd00::4]"]
        insecure: true
        connections: 500
        memory: 20_000_000
        addressShare: 2
        timeout: 7
        idle: 8
      files:
        genesis: /etc/roadbed/genesis.json
        voteKey: v.pem
        transportKey: t.pem
        transportCertificate: t.crt
        log: /var/lib/roadbed/log
        lock: /run/roadbed.lock
        index: i.sqlite
        snapshots: s
      snapshots: {interval: 100, keep: 3, gap: 7}
      history: {keep: 5000, archive: old, scrub: 1}
      index: {enabled: no}
      verify: {threads: 3}
      signer: {socket: /run/signer.sock}
      mempool: {transactions: 10, bytes: 20_000_000, memberShare: 2}
      log: {level: warning, format: json, file: /var/log/roadbed.log}
      """
    let texts: [SettingsKey: String] = [
      .peersListen: "[::]:7500", .peersAddresses: "node2=10.0.0.2:7500, bank.c=[fd00::3]:7501",
      .peersBootstrap: "\(Self.pin)@[fd00::4]:7502",
      .chainCheckpoint: "7:\(Self.zeros)", .apiHost: "0.0.0.0",
      .apiPort: "8080", .apiNames: "ledger.example, [fd00::4]", .apiInsecure: "true", .apiConnections: "500",
      .apiMemory: "20000000",
      .apiAddressShare: "2", .apiTimeout: "7", .apiIdle: "8", .filesGenesis: "/etc/roadbed/genesis.json",
      .filesVoteKey: "v.pem",
      .filesTransportKey: "t.pem", .filesTransportCertificate: "t.crt", .filesLog: "/var/lib/roadbed/log",
      .filesLock: "/run/roadbed.lock",
      .filesIndex: "i.sqlite", .filesSnapshots: "s", .signerSocket: "/run/signer.sock",
      .snapshotsInterval: "100", .snapshotsKeep: "3", .snapshotsGap: "7",
      .historyKeep: "5000", .historyArchive: "old", .historyScrub: "1", .indexEnabled: "no", .verifyThreads: "3",
      .mempoolTransactions: "10",
      .mempoolBytes: "20000000", .mempoolMemberShare: "2", .logLevel: "warning", .logFormat: "json",
      .logFile: "/var/log/roadbed.log",
    ]
    #expect(texts.count == SettingsKey.allCases.count)
    let directory = try TemporaryDirectory()
    let byFlags = try NodeSettings.load(
      directory: directory.path, overrides: Dictionary(uniqueKeysWithValues: texts.map { ($0.rawValue, $1) }))
    let byVariables = try NodeSettings.load(
      directory: directory.path, environment: Dictionary(uniqueKeysWithValues: texts.map { ($0.variable, $1) }))
    try directory.write(yaml, to: "node.yaml")
    let byFile = try NodeSettings.load(directory: directory.path)
    #expect(byFile == byFlags)
    #expect(byFile == byVariables)
    #expect(byFile.peerListen == Endpoint(host: "::", port: 7500))
    let second = try #require(Name("node2"))
    let third = try #require(Name("bank.c"))
    #expect(
      byFile.peerAddresses
        == [second: Endpoint(host: "10.0.0.2", port: 7500), third: Endpoint(host: "fd00::3", port: 7501)])
    #expect(byFile.bootstrapPeers == [BootstrapPeer("\(Self.pin)@[fd00::4]:7502")].compactMap(\.self))
    #expect(byFile.checkpoint?.epoch == Epoch(7))
    #expect(byFile.apiListen == Endpoint(host: "0.0.0.0", port: 8080))
    #expect(byFile.apiNames == ["ledger.example", "fd00::4"])
    #expect(byFile.genesisFile == "/etc/roadbed/genesis.json")
    #expect(byFile.voteKeyFile == directory.file("v.pem"))
    #expect(byFile.logDirectory == "/var/lib/roadbed/log")
    #expect(byFile.logFile == "/var/log/roadbed.log")
    #expect(byFile.signerSocket == "/run/signer.sock")
    #expect(!byFile.isIndexEnabled)
    #expect(byFile.mempoolBytes == 20_000_000)
    #expect(byFile.apiMemory == 20_000_000)
  }

  @Test("The names of variables are those of the settings")
  func variables() {
    #expect(SettingsKey.apiPort.variable == "ROADBED_API_PORT")
    #expect(SettingsKey.filesTransportCertificate.variable == "ROADBED_FILES_TRANSPORT_CERTIFICATE")
    #expect(Set(SettingsKey.allCases.map(\.variable)).count == SettingsKey.allCases.count)
  }

  @Test(
    "An unknown key of the file is an error with its line and the nearest known key",
    arguments: [
      ("api:\n  prot: 1\n", "api.prot", 2, "api.port"),
      ("\n\napis:\n  port: 1\n", "apis", 3, "api"),
      ("port: 1\n", "port", 1, "api.port"),
      ("files:\n  votekey: x\n", "files.votekey", 2, "files.voteKey"),
      ("mempool:\n  transaction: 1\n  bytes: 1\n", "mempool.transaction", 2, "mempool.transactions"),
      ("api:\n  zzzzzzzz: 1\n", "api.zzzzzzzz", 2, nil),
    ])
  func unknownKeyInFile(yaml: String, key: String, line: Int, nearest: String?) throws {
    #expect(try failure(yaml) == .unknownKey(key, .file(path: "node.yaml", line: line), nearest: nearest))
  }

  @Test("An unknown variable or flag is an error with the nearest known one")
  func unknownElsewhere() throws {
    #expect(
      try failure(environment: ["ROADBED_API_PROT": "1"])
        == .unknownKey(
          "ROADBED_API_PROT", .environment(variable: "ROADBED_API_PROT"), nearest: "ROADBED_API_PORT"))
    #expect(
      try failure(overrides: ["logLevel": "info"]) == .unknownKey("logLevel", .commandLine, nearest: "log.level"))
    // Names without a section, with a missing underscore, and with small typing mistakes.
    for (slip, meant) in [
      ("ROADBED_PORT", "ROADBED_API_PORT"), ("ROADBED_FILES_VOTEKEY", "ROADBED_FILES_VOTE_KEY"),
      ("ROADBED_VOTE_PASSPHRAS", "ROADBED_VOTE_PASSPHRASE"), ("ROADBED_LOG_LEVELS", "ROADBED_LOG_LEVEL"),
    ] {
      #expect(
        try failure(environment: [slip: "1"]) == .unknownKey(slip, .environment(variable: slip), nearest: meant))
    }
  }

  @Test("Variables set by an orchestrator for a service of the same name, or for other programs, do not stop a node")
  func foreignVariables() throws {
    let plain = try load()
    for service in ["ROADBED", "ROADBED_API", "ROADBED_NODE", "ROADBED_LOG", "ROADBED_MEMPOOL", "ROADBED_API_HOST"] {
      let environment = [
        "\(service)_SERVICE_HOST": "10.43.0.7", "\(service)_SERVICE_PORT": "7400",
        "\(service)_SERVICE_PORT_HTTP": "7400", "\(service)_PORT": "tcp://10.43.0.7:7400",
        "\(service)_PORT_7400_TCP": "tcp://10.43.0.7:7400", "\(service)_PORT_7400_TCP_PROTO": "tcp",
        "\(service)_PORT_7400_TCP_PORT": "7400", "\(service)_PORT_7400_TCP_ADDR": "10.43.0.7",
      ]
      let settings = try load(environment: environment)
      #expect(settings.apiListen == plain.apiListen && settings.unusedVariables.isEmpty, "\(service)")
    }
    // The setting itself, which has the same name as a service's variable.
    #expect(try load(environment: ["ROADBED_API_PORT": "7002"]).apiListen.port == 7002)
    let settings = try load(environment: ["ROADBED_BACKUP_HOME": "/srv", "ROADBED_QQQQQQQQQQQQ": "1", "ROADBEDS": "1"])
    #expect(settings.unusedVariables == ["ROADBED_BACKUP_HOME", "ROADBED_QQQQQQQQQQQQ"])
  }

  @Test(
    "A value of the wrong type is an error that names the value, the line and what is allowed",
    arguments: [
      ("api:\n  port: many\n", "api.port", "many", 2, "a whole number from 1 to 65535"),
      ("api:\n  port: 0\n", "api.port", "0", 2, "a whole number from 1 to 65535"),
      ("api:\n  port: 65536\n", "api.port", "65536", 2, "a whole number from 1 to 65535"),
      ("api:\n  port: -1\n", "api.port", "-1", 2, "a whole number from 1 to 65535"),
      ("api:\n  port: 99999999999999999999\n", "api.port", "99999999999999999999", 2, "a whole number from 1 to 65535"),
      ("api:\n  port:\n", "api.port", "", 2, "a whole number from 1 to 65535"),
      ("api:\n  port: [1]\n", "api.port", "1", 2, "one value"),
      ("api:\n  port: {a: 1}\n", "api.port", "{...}", 2, "one value"),
      ("api:\n  insecure: maybe\n", "api.insecure", "maybe", 2, "true or false"),
      ("api:\n  host: \"a b\"\n", "api.host", "a b", 2, "a host name or an address"),
      ("api: 7400\n", "api", "7400", 1, "a section with settings below it"),
      ("log:\n  format: xml\n", "log.format", "xml", 2, "text or json"),
      ("files:\n  log: \"\"\n", "files.log", "", 2, "a path"),
      ("peers:\n  addresses: node2=a:1\n", "peers.addresses", "node2=a:1", 2, "a list in square brackets"),
      (
        "peers:\n  addresses: [node2=a]\n", "peers.addresses", "node2=a", 2,
        "a list of validator=host:port, with a port from 1 to 65535"
      ),
      (
        "peers:\n  addresses: [\"a=b:1\", \"a=b:2\"]\n", "peers.addresses", "a=b:2", 2,
        "one address for each validator"
      ),
      (
        "peers:\n  bootstrap: [\"a1@b:1\"]\n", "peers.bootstrap", "a1@b:1", 2,
        "a list of transport key@host:port, with a key of 64 hexadecimal digits"
      ),
      (
        "peers:\n  bootstrap: [\"\(Self.zeros)@a:1\", \"\(Self.zeros)@b:1\"]\n", "peers.bootstrap", "\(Self.zeros)@b:1",
        2,
        "one address for each transport key"
      ),
      (
        "chain:\n  checkpoint: 0:\(Self.zeros)\n", "chain.checkpoint", "0:\(Self.zeros)", 2,
        "an epoch above 0, a colon, and 64 hexadecimal digits"
      ),
      ("api:\n  connections: 15\n", "api.connections", "15", 2, "a whole number from 16 to 100000"),
      ("api:\n  memory: 1000\n", "api.memory", "1000", 2, "a whole number from 33554432 to 1099511627776"),
      ("mempool:\n  bytes: 1000\n", "mempool.bytes", "1000", 2, "a whole number from 4194304 to 1099511627776"),
    ])
  func wrongValueInFile(yaml: String, key: String, value: String, line: Int, allowed: String) throws {
    #expect(
      try failure(yaml)
        == .wrongValue(key: key, value: value, .file(path: "node.yaml", line: line), allowed: allowed))
  }

  @Test("A wrong value in a source of higher precedence is an error, not a reason to use the next source")
  func wrongValueElsewhere() throws {
    let yaml = "api:\n  port: 7001\n"
    let allowed = "a whole number from 1 to 65535"
    #expect(
      try failure(yaml, environment: ["ROADBED_API_PORT": "x"])
        == .wrongValue(key: "api.port", value: "x", .environment(variable: "ROADBED_API_PORT"), allowed: allowed))
    #expect(
      try failure(yaml, overrides: ["api.port": ""])
        == .wrongValue(key: "api.port", value: "", .commandLine, allowed: allowed))
  }

  @Test(
    "The API is not opened beyond loopback unless api.insecure is set",
    arguments: ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.org", "127.1", "localhost.example.org"])
  func beyondLoopback(host: String) throws {
    let error = try failure("api:\n  host: \"\(host)\"\n")
    #expect(error == .insecure(host: host, .file(path: "node.yaml", line: 2)))
    #expect(error.nextStep.contains("api.insecure"))
    let settings = try load("api:\n  host: \"\(host)\"\n  insecure: true\n")
    #expect(settings.apiListen.host == host)
    #expect(
      try failure(environment: ["ROADBED_API_HOST": host])
        == .insecure(host: host, .environment(variable: "ROADBED_API_HOST")))
  }

  @Test("Loopback needs no permission", arguments: ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
  func loopback(host: String) throws {
    #expect(try load("api:\n  host: \"\(host)\"\n").apiListen == Endpoint(host: host, port: 7400))
  }

  @Test("D7: the passphrase comes only from the environment, and nothing shows it")
  func passphrase() throws {
    let settings = try load(environment: ["ROADBED_VOTE_PASSPHRASE": "correct horse"])
    #expect(settings.votePassphrase == Passphrase(bytes: Array("correct horse".utf8)))
    var dumped = ""
    dump(settings, to: &dumped)
    for text in ["\(settings)", String(reflecting: settings), dumped] { #expect(!text.contains("horse")) }
    for yaml in ["vote:\n  passphrase: horse\n", "files:\n  votePassphrase: horse\n", "passphrase: horse\n"] {
      let error = try failure(yaml)
      guard case .environmentOnly(_, .file) = error else {
        Issue.record("\(error)")
        continue
      }
      #expect(!(error.explanation + error.nextStep).contains("horse"))
    }
    #expect(
      try failure(overrides: ["vote.passphrase": "horse"])
        == .environmentOnly(key: "vote.passphrase", .commandLine))
    let empty = try failure(environment: ["ROADBED_VOTE_PASSPHRASE": ""])
    #expect(empty.code == "settings.wrong-value")
  }

  @Test("Damaged files are errors that name the line and do not repeat the file")
  func damagedFiles() throws {
    #expect(try failure("api:\n  port: [1\nlog: x\n").code == "settings.not-yaml")
    #expect(try failure("- a\n- b\n").code == "settings.not-yaml")
    #expect(try failure("just words").code == "settings.not-yaml")
    #expect(try failure("api:\n  port: 1\n  port: 2\n").explanation.contains("'port' is given more than once"))
    #expect(try failure("a: 1\n---\nb: 2\n").code == "settings.not-yaml")
    let unclosed = try failure("api:\n  host: \"abc\nsecret words\n")
    #expect(!unclosed.explanation.contains("secret words"))
    let directory = try TemporaryDirectory()
    try Data([0x61, 0x3A, 0x20, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: directory.file("node.yaml")))
    #expect(throws: NodeSettingsError.self) { try NodeSettings.load(directory: directory.path) }
  }

  @Test(
    "An IPv6 address may be in brackets anywhere, and must be where a port follows",
    arguments: [
      "[::1]", "::1",
    ])
  func ipv6(host: String) throws {
    let yaml = "api:\n  host: \"\(host)\"\npeers:\n  listen: \"[::1]:7500\"\n  addresses: [\"n=[fd00::1]:7500\"]\n"
    let overrides = ["api.host": host, "peers.listen": "[::1]:7500", "peers.addresses": "n=[fd00::1]:7500"]
    let variables = [
      "ROADBED_API_HOST": host, "ROADBED_PEERS_LISTEN": "[::1]:7500", "ROADBED_PEERS_ADDRESSES": "n=[fd00::1]:7500",
    ]
    for settings in [try load(yaml), try load(overrides: overrides), try load(environment: variables)] {
      #expect(settings.apiListen.host == "::1")
      #expect(settings.apiListen.isLoopback)
      #expect(settings.peerListen == Endpoint(host: "::1", port: 7500))
      #expect(settings.peerAddresses.values.map(\.host) == ["fd00::1"])
    }
    #expect(try failure("api:\n  host: [::1]\n").nextStep.contains("in quotes"))
  }

  @Test("A missing directory, something that is not a file, or a file that is too large is refused before it is read")
  func unusableFiles() throws {
    let directory = try TemporaryDirectory()
    #expect(throws: NodeSettingsError.noDirectory(path: directory.file("absent"))) {
      try NodeSettings.load(directory: directory.file("absent"))
    }
    try FileManager.default.createDirectory(atPath: directory.file("node.yaml"), withIntermediateDirectories: false)
    let error = try #require(throws: NodeSettingsError.self) { try NodeSettings.load(directory: directory.path) }
    #expect(error.code == "settings.unreadable")
    // The operating system resolves links, whatever the working directory of the process; a dangling link does not
    // count as "no settings".
    try FileManager.default.removeItem(atPath: directory.file("node.yaml"))
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("node.yaml"), withDestinationPath: "..data/node.yaml")
    let dangling = try #require(throws: NodeSettingsError.self) { try NodeSettings.load(directory: directory.path) }
    #expect(dangling.explanation.contains("a link to a file that does not exist"))
    try FileManager.default.createDirectory(atPath: directory.file("..2026"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: directory.file("..data"), withDestinationPath: "..2026")
    try directory.write("api:\n  port: 7999\n", to: "..2026/node.yaml")
    #expect(try NodeSettings.load(directory: directory.path).apiListen.port == 7999)
    let large = String(repeating: "#", count: (1 << 20) + 1)
    #expect(try failure(large) == .tooLarge(path: "node.yaml", bytes: (1 << 20) + 1, limit: 1 << 20))
  }
}
