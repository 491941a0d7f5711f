internal import Cryptography
internal import Foundation
internal import Ledger
internal import Logging
internal import Primitives
internal import Replica
internal import Tokens

extension NodeSettings {
  /// The variable of the passphrase, which is read only from the environment, because others may be able to read files
  /// and command lines.
  package static let passphraseVariable = "ROADBED_VOTE_PASSPHRASE"
  /// Variables of this project's other programs, which a node ignores.
  static let foreignVariables: Set<String> = ["ROADBED_STRICT"]

  static func isSecret(_ key: String) -> Bool { key.lowercased().contains("passphrase") }

  /// Loads the settings of the node in `directory`. `overrides` (dotted keys, from the command line) take precedence
  /// over the variables in `environment` that begin with `ROADBED_`; then come node.yaml and the defaults.
  ///
  /// An unknown name is an error wherever it is given, because a typing mistake must not silently select a default. The
  /// exception is environment variables, which other programs set too: those that resemble no setting are ignored
  /// (`unusedVariables`).
  package static func load(
    directory: String, environment: [String: String] = [:], overrides: [String: String] = [:]
  ) throws(NodeSettingsError) -> NodeSettings {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw .noDirectory(path: directory)
    }
    let variables = try known(variables: environment)
    let reader = SettingsReader(
      overrides: try known(overrides), environment: variables.texts,
      file: try SettingsFile(path: join(directory, fileName)))
    var settings = try NodeSettings(directory: directory, reader)
    settings.unusedVariables = variables.unused
    if let text = environment[passphraseVariable] {
      let limit = KeyFile.maximumPassphraseByteCount
      guard (1...limit).contains(text.utf8.count) else {
        throw .wrongValue(
          key: "the passphrase", value: "(secret)", .environment(variable: passphraseVariable),
          allowed: "1 to \(limit) bytes")
      }
      settings.votePassphrase = Passphrase(bytes: Array(text.utf8))
    }
    return settings
  }

  private init(directory: String, _ reader: SettingsReader) throws(NodeSettingsError) {
    func path(_ key: SettingsKey) throws(NodeSettingsError) -> String {
      try reader.text(key, allowed: "a path") { text in
        text.isEmpty || text.utf8.contains(0) ? nil : NodeSettings.join(directory, text)
      }
    }
    let hostPort = "host:port, with a port from 1 to 65535 and an IPv6 address in brackets"
    self.directory = directory
    peerListen = try reader.optional(.peersListen, allowed: hostPort) { Endpoint($0) }
    peerAddresses = try NodeSettings.addresses(reader)
    bootstrapPeers = try NodeSettings.bootstrapPeers(reader)
    checkpoint = try reader.optional(
      .chainCheckpoint, allowed: "an epoch above 0, a colon, and 64 hexadecimal digits"
    ) { Checkpoint($0) }
    apiListen = Endpoint(
      host: try reader.text(.apiHost, allowed: "a host name or an address") { Endpoint.host($0) },
      port: try reader.number(.apiPort, in: Endpoint.ports))
    apiNames = try reader.list(.apiNames, allowed: "a list of host names or addresses, without ports") {
      Endpoint.host($0)
    }
    isAPIInsecure = try reader.flag(.apiInsecure)
    apiConnections = try reader.number(.apiConnections, in: DescriptorBudget.leastConnections...100_000)
    apiAddressShare = try reader.number(.apiAddressShare, in: 1...1024)
    // With less, a single address could never send the largest body.
    apiMemory = try reader.number(.apiMemory, in: (apiAddressShare * Limits.requestBodyBytes)...(1 << 40))
    apiTimeout = try reader.number(.apiTimeout, in: 1...3600)
    apiIdle = try reader.number(.apiIdle, in: 1...86_400)
    genesisFile = try path(.filesGenesis)
    voteKeyFile = try reader.text(.filesVoteKey, allowed: "a path, or a pkcs11: URI") { text in
      if text.hasPrefix(TokenURI.scheme) { return text }
      return text.isEmpty || text.utf8.contains(0) ? nil : NodeSettings.join(directory, text)
    }
    transportKeyFile = try path(.filesTransportKey)
    transportCertificateFile = try path(.filesTransportCertificate)
    logDirectory = try path(.filesLog)
    lockFile = try path(.filesLock)
    indexFile = try path(.filesIndex)
    snapshotDirectory = try path(.filesSnapshots)
    let socket = try reader.optional(.signerSocket, allowed: "a path") { $0.utf8.contains(0) ? nil : $0 }
    signerSocket = socket.flatMap { $0.isEmpty ? nil : NodeSettings.join(directory, $0) }
    snapshotInterval = UInt64(try reader.number(.snapshotsInterval, in: 0...1_000_000_000))
    snapshotsKept = try reader.number(.snapshotsKeep, in: 1...1000)
    snapshotGap = UInt64(try reader.number(.snapshotsGap, in: 0...(1 << 50)))
    historyKept = UInt64(try reader.number(.historyKeep, in: 0...(1 << 50)))
    let archive = try reader.optional(.historyArchive, allowed: "a path") { $0.utf8.contains(0) ? nil : $0 }
    archiveDirectory = archive.flatMap { $0.isEmpty ? nil : NodeSettings.join(directory, $0) }
    scrubRate = try reader.number(.historyScrub, in: 0...10_000) << 20
    isIndexEnabled = try reader.flag(.indexEnabled)
    let threads = try reader.number(.verifyThreads, in: 0...256)
    verifyThreads = threads > 0 ? threads : max(1, ProcessInfo.processInfo.activeProcessorCount)
    mempoolTransactions = try reader.number(.mempoolTransactions, in: 1...10_000_000)
    mempoolMemberShare = try reader.number(.mempoolMemberShare, in: 1...min(1024, mempoolTransactions))
    // With less, a member could never submit the largest transaction.
    mempoolBytes = try reader.number(.mempoolBytes, in: (mempoolMemberShare * Limits.transactionBytes)...(1 << 40))
    let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
    logLevel = try reader.text(.logLevel, allowed: "one of \(levels)") { Logger.Level(rawValue: $0) }
    logFormat = try reader.text(.logFormat, allowed: "text or json") { LogFormat(rawValue: $0) }
    let file = try reader.optional(.logFile, allowed: "a path") { $0.utf8.contains(0) ? nil : $0 }
    logFile = file.flatMap { $0.isEmpty ? nil : NodeSettings.join(directory, $0) }
    guard apiListen.isLoopback || isAPIInsecure else {
      throw .insecure(host: apiListen.host, reader.place(of: .apiHost))
    }
  }

  private static func addresses(_ reader: SettingsReader) throws(NodeSettingsError) -> [Name: Endpoint] {
    let entries = try reader.list(
      .peersAddresses, allowed: "a list of validator=host:port, with a port from 1 to 65535"
    ) { text -> (Name, Endpoint)? in
      guard let sign = text.firstIndex(of: "="), let name = Name(text[..<sign]),
        let endpoint = Endpoint(String(text[text.index(after: sign)...]))
      else { return nil }
      return (name, endpoint)
    }
    var addresses: [Name: Endpoint] = [:]
    for (name, endpoint) in entries {
      guard addresses.updateValue(endpoint, forKey: name) == nil else {
        throw .wrongValue(
          key: SettingsKey.peersAddresses.rawValue, value: "\(name)=\(endpoint)", reader.place(of: .peersAddresses),
          allowed: "one address for each validator")
      }
    }
    return addresses
  }

  private static func bootstrapPeers(_ reader: SettingsReader) throws(NodeSettingsError) -> [BootstrapPeer] {
    let form = "transport key@host:port, with a key of 64 hexadecimal digits"
    let peers = try reader.list(.peersBootstrap, allowed: "a list of \(form)") { BootstrapPeer($0) }
    var pins: Set<Digest> = []
    for peer in peers where !pins.insert(peer.pin).inserted {
      throw .wrongValue(
        key: SettingsKey.peersBootstrap.rawValue, value: "\(peer)",
        reader.place(of: .peersBootstrap), allowed: "one address for each transport key")
    }
    guard peers.count <= bootstrapLimit else {
      throw .wrongValue(
        key: SettingsKey.peersBootstrap.rawValue, value: "\(peers.count) entries", reader.place(of: .peersBootstrap),
        allowed: "at most \(bootstrapLimit)")
    }
    return peers
  }

  private static func known(_ overrides: [String: String]) throws(NodeSettingsError) -> [SettingsKey: String] {
    var texts: [SettingsKey: String] = [:]
    // Sorted, so that with several unknown keys always the same one is reported.
    for (name, text) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let key = SettingsKey(rawValue: name) else {
        if isSecret(name) { throw .environmentOnly(key: name, .commandLine) }
        let nearest = NearestName.find(name, among: SettingsKey.allCases.map(\.rawValue))
        throw .unknownKey(name, .commandLine, nearest: nearest)
      }
      texts[key] = text
    }
    return texts
  }

  private static func known(
    variables: [String: String]
  ) throws(NodeSettingsError) -> (texts: [SettingsKey: String], unused: [String]) {
    let prefix = SettingsKey.variablePrefix
    let keys = Dictionary(uniqueKeysWithValues: SettingsKey.allCases.map { ($0.variable, $0) })
    // The names without the common prefix, which would make all of them similar.
    let names = (SettingsKey.allCases.map(\.variable) + [passphraseVariable]).map { String($0.dropFirst(prefix.count)) }
    var texts: [SettingsKey: String] = [:]
    var unused: [String] = []
    for (variable, text) in variables.sorted(by: { $0.key < $1.key }) where variable.hasPrefix(prefix) {
      if ServiceLink.owns(variable, value: text) { continue }
      if let key = keys[variable] {
        texts[key] = text
      } else if variable != passphraseVariable, !foreignVariables.contains(variable) {
        guard let nearest = NearestName.find(String(variable.dropFirst(prefix.count)), among: names) else {
          unused.append(variable)
          continue
        }
        throw .unknownKey(variable, .environment(variable: variable), nearest: prefix + nearest)
      }
    }
    return (texts, unused)
  }

  /// `path` relative to `directory`, unless it is absolute.
  private static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }
}

extension BootstrapPeer {
  /// Reads `transport key@host:port`. Nil if `text` is not that.
  package init?(_ text: String) {
    guard let sign = text.firstIndex(of: "@"), let pin = Digest(hex: text[..<sign]),
      let endpoint = Endpoint(String(text[text.index(after: sign)...]))
    else { return nil }
    self.init(pin: pin, address: "\(endpoint)")
  }
}
