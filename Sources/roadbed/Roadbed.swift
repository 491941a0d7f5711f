import ArgumentParser
import Cryptography
import Foundation
import Node

/// The `roadbed` program with all its commands.
@main
struct Roadbed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roadbed",
    abstract: "Run a permissioned blockchain node, and the tools around it.",
    discussion: """
      A few organisations that know each other each run a node. Together they keep one ledger of assets, accounts and \
      anchored records, and give every user a receipt that proves what was agreed, without trusting any single node.

      To try it on this machine:
        roadbed cluster new --dir demo --nodes 4
        roadbed cluster up --dir demo --detach
        roadbed tx submit --dir demo --key registry --wait OPERATIONS.json
        roadbed cluster stop --dir demo

      Exit status: 0 if the command succeeded; 1 if it was refused, failed or found something invalid; 2 if the command \
      line is wrong; 128 + n if signal n ended it, such as 141 if nobody read its output to the end. With --json the \
      result is one JSON value on standard output. Errors go to standard error, with --json as \
      {"error": {"code", "message", "nextStep"}}. In place of a file, - means standard input or output.
      """,
    version: NodeVersion.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Run nodes:", subcommands: [ClusterCommand.self, NodeCommand.self, SignerCommand.self, WhyCommand.self]),
      CommandGroup(
        name: "Use the ledger:",
        subcommands: [
          TransactionCommand.self, QueryCommand.self, ReceiptCommand.self, ProofCommand.self,
        ]),
      CommandGroup(
        name: "Govern the chain:",
        subcommands: [ParameterCommand.self, ValidatorCommand.self, ObserverCommand.self]),
      CommandGroup(
        name: "Prepare and check:",
        subcommands: [
          KeysCommand.self, GenesisCommand.self, AuditCommand.self, SnapshotCommand.self, SimulateCommand.self,
          BenchCommand.self,
        ]),
    ])

  static func main() async {
    Descriptor.fillStandardOnes()
    // A write to a closed pipe should only fail, not end a node.
    signal(SIGPIPE, SIG_IGN)
    // Nearly every command may read a private key, and so may what it starts.
    SecretMemory.forbidCoreDumps()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      ErrorReport.end(0)
    } catch {
      ErrorReport.exit(error, command: Self.self)
    }
  }
}
