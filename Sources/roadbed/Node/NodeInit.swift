import ArgumentParser
import Foundation
import Ledger
import LedgerJSON
import Node
import Primitives
import Replica

struct NodeInit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Prepare a node's directory.",
    discussion: """
      Without --genesis: creates the vote key and the transport key, and prints this validator's entry for the genesis \
      file. Requires --name, --member and --address.

      With --genesis alone: checks that the keys belong to one of its validators, and puts the genesis file and a commented \
      node.yaml into the directory. Existing keys and settings are left unchanged.

      With --genesis, --name, --member and --address, in an empty directory: prepares a node that joins a chain that runs. \
      Creates keys, settings and a log together, and prints the command with which the administrators add the node to the \
      chain's directory. Then start it; `roadbed validator add` makes it a validator.

      --founding creates an empty log, which lets the node vote from the start. Use it only when the chain begins. A node \
      that lost its log may have voted before: start it without a log, so that it listens before it votes.

      Examples:
        roadbed node init --dir node --name bank-a-1 --member bank-a --address chain.bank-a.example:7500
        roadbed node init --dir node --genesis genesis.json --founding
        roadbed node init --dir node --genesis genesis.json --name bank-e-1 --member bank-e --address [fd00::5]:7500
      """)

  @Option(
    name: .customLong("dir"), help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(help: ArgumentHelp("The chain's genesis file.", valueName: "file"))
  var genesis: String?

  @Flag(help: "The chain begins now: create the log that lets this node vote immediately.")
  var founding = false

  @Option(help: "The name of the validator, or of a node that joins.", transform: Name.argument)
  var name: Name?

  @Option(help: "The member that runs it.", transform: Name.argument)
  var member: Name?

  @Option(help: ArgumentHelp("The address at which its peers can reach it.", valueName: "host:port"))
  var address: String?

  @Option(help: "Without --genesis: the chain's suite.")
  var suite = SuiteArgument(.p256SHA256)

  @Option(
    help: ArgumentHelp(
      "For a node that joins: what opened an epoch, as `roadbed validator list` shows it at other nodes. It stops if its "
        + "chain differs.", valueName: "epoch:digest"),
    transform: Checkpoint.argument)
  var checkpoint: Checkpoint?

  @Option(
    help: ArgumentHelp(
      "For a node that joins: a node to fetch from, if those that genesis lists have other TLS keys or addresses by now. "
        + "Can be repeated.", valueName: "transport-key@host:port"),
    transform: BootstrapPeer.argument)
  var bootstrap: [BootstrapPeer] = []

  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if genesis != nil {
      let given = [name != nil, member != nil, address != nil]
      guard Set(given).count == 1 else {
        throw ValidationError(
          "With --genesis, give all of --name, --member and --address for a node that joins a chain that runs, or none "
            + "for a validator that the genesis file names.")
      }
      guard name == nil || !founding else {
        throw ValidationError("--founding is for a validator that the genesis file names, when the chain begins.")
      }
    } else {
      guard name != nil, member != nil, address != nil else {
        throw ValidationError("Give --name, --member and --address, or the chain's --genesis file.")
      }
      guard !founding else { throw ValidationError("--founding needs the chain's --genesis file.") }
    }
    guard checkpoint == nil && bootstrap.isEmpty || genesis != nil && name != nil else {
      throw ValidationError("--checkpoint and --bootstrap are for a node that joins a chain that runs.")
    }
    if let address, Endpoint(address) == nil {
      throw ValidationError(
        "--address is '\(address)'; it must be host:port, with a port from 1 to 65535 and an IPv6 address in "
          + "brackets, such as [fd00::1]:7500.")
    }
  }

  func run() async throws {
    let files = NodeDirectory(path: directory)
    if let genesis {
      if let name, let member, let address {
        try join(files, genesis, name, member, address)
      } else {
        try prepare(files, genesis)
      }
    } else if let name, let member, let address {
      let keys = try files.makeKeys(suite: suite.suite, name: name, passphrase: try passphrase.passphrase())
      let entry: JSONValue = .object([
        "name": .string("\(name)"), "member": .string("\(member)"), "voteKey": .string("\(keys.voteKey)"),
        "transportKey": .string("\(keys.transportKey)"), "address": .string(address),
      ])
      Console.print(JSONWriter.pretty(entry))
      if !output.json {
        Console.remark("created the keys in \(directory)/keys; the validator's entry for the genesis file is above")
      }
    }
  }

  private struct Answer: Encodable {
    var directory: String
    var chain: ChainView
    var validator: Name
    var founding: Bool
  }

  private func prepare(_ files: NodeDirectory, _ genesisFile: String) throws {
    let bytes = try TextFile.read(genesisFile)
    let genesis = try GenesisDocument.parse(bytes, document: TextFile.name(genesisFile))
    try genesis.requireExecutedVersion()
    guard Paths.exists(files.voteKey) else { throw CommandError.noNodeKeys(directory) }
    let passphrase = try passphrase.passphrase()
    let keys = try files.makeKeys(suite: genesis.suite, name: genesis.chainName, passphrase: passphrase)
    guard let validator = genesis.validators.first(where: { $0.voteKey == keys.voteKey }) else {
      throw NodeError.notAValidator(publicKey: keys.voteKey, genesis: genesisFile)
    }
    guard validator.transportKey == keys.transportKey else {
      throw NodeError.wrongTransportKey(own: keys.transportKey, listed: validator.transportKey)
    }
    try files.write(genesis: bytes, settings: [:])
    if founding { try NodeLog.found(in: files.log, chain: genesis.chain, voteKey: keys.voteKey) }
    if output.json {
      let chain = ChainView(name: "\(genesis.chainName)", suite: genesis.suite, genesis: genesis.digest)
      return try Console.printJSON(
        Answer(directory: directory, chain: chain, validator: validator.name, founding: founding))
    }
    Console.print("prepared \(directory): the validator \(validator.name) of the chain \(genesis.chainName)")
    var sheet = Sheet()
    sheet.add("genesis", genesis.digest)
    sheet.add("settings", files.settings)
    sheet.print(indent: 2)
    Console.next("roadbed node start --dir \(directory)")
  }
}

extension CommandError {
  static func noNodeKeys(_ directory: String) -> CommandError {
    CommandError(
      code: "node.no-keys", explanation: "\(directory)/keys has no vote.pem, so this node is not one of the validators",
      nextStep: "put the keys named in the genesis file there, or begin with `roadbed node init` without --genesis")
  }
}
