import Foundation
import Ledger
import LedgerJSON
import Node
import Primitives
import Replica

// A node that joins a chain that runs.
extension NodeInit {
  private struct Joined: Encodable {
    var directory: String
    var chain: ChainView
    var name: Name
    var member: Name
    var voteKey: PublicKey
    var transportKey: Digest
    var address: String
  }

  /// Creates keys, settings and log together. Since nothing was ever signed with a key that is as new as its log, the node
  /// need not listen before its first vote (protocol rule R46).
  func join(_ files: NodeDirectory, _ genesisFile: String, _ name: Name, _ member: Name, _ address: String) throws {
    let bytes = try TextFile.read(genesisFile)
    let genesis = try GenesisDocument.parse(bytes, document: TextFile.name(genesisFile))
    try genesis.requireExecutedVersion()
    guard !genesis.directory.contains(where: { $0.name == name }) else { throw CommandError.nameInGenesis(name) }
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    guard contents.isEmpty else { throw CommandError.nodeDirectoryUsed(directory) }
    let passphrase = try passphrase.passphrase()
    // The key comes last but for the log, so that whatever interrupts this leaves no key that could be used without it.
    try files.write(genesis: bytes, settings: settings(address))
    let keys = try files.makeKeys(suite: genesis.suite, name: name, passphrase: passphrase)
    try NodeLog.found(in: files.log, chain: genesis.chain, voteKey: keys.voteKey)
    if output.json {
      let chain = ChainView(name: "\(genesis.chainName)", suite: genesis.suite, genesis: genesis.digest)
      return try Console.printJSON(
        Joined(
          directory: directory, chain: chain, name: name, member: member, voteKey: keys.voteKey,
          transportKey: keys.transportKey, address: address))
    }
    Console.print("prepared \(directory): the node \(name) of \(member), which joins the chain \(genesis.chainName)")
    var sheet = Sheet()
    sheet.add("genesis", genesis.digest)
    sheet.add("vote key", keys.voteKey)
    sheet.add("transport key", keys.transportKey)
    sheet.add("settings", files.settings)
    sheet.print(indent: 2)
    Console.print("  1. an administrator adds it to the directory:")
    Console.print(
      "     roadbed observer add \(name) --operator \(member) --transport-key \(keys.transportKey) "
        + "--address \(Paths.quoted(address)) --key ADMINISTRATOR --wait")
    Console.print("  2. here: roadbed node start --dir \(Paths.quoted(directory))")
    Console.print("  3. when it is level, an administrator:")
    Console.print("     roadbed validator add \(name) --from URL --key ADMINISTRATOR")
    guard checkpoint == nil else { return }
    Console.print(
      Console.styled("note", .yellow)
        + ": without --checkpoint the node learns who the validators are now from those of genesis, epoch by epoch; so it "
        + "relies on their keys even if they are old")
  }

  private func settings(_ address: String) -> [SettingsKey: String] {
    var settings: [SettingsKey: String] = [.peersListen: address]
    if let checkpoint { settings[.chainCheckpoint] = "\(checkpoint)" }
    if !bootstrap.isEmpty {
      settings[.peersBootstrap] = bootstrap.map(\.description).joined(separator: ",")
    }
    return settings
  }
}

extension CommandError {
  fileprivate static func nameInGenesis(_ name: Name) -> CommandError {
    CommandError(
      code: "node.name-in-genesis", explanation: "\(name) is the name of a node that the genesis file lists",
      nextStep: "choose another name: a node that joins takes nobody's place before the administrators say so")
  }

  fileprivate static func nodeDirectoryUsed(_ directory: String) -> CommandError {
    CommandError(
      code: "node.directory-used",
      explanation:
        "\(directory) is not empty; keys that are already there may have voted, so they cannot join as new ones",
      nextStep: "choose an empty directory, or start the node that is there: roadbed node start --dir \(directory)")
  }
}
