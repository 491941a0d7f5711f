import ArgumentParser
import Ledger
import LedgerJSON
import Primitives

struct GenesisShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the contents of a genesis file.",
    discussion: """
      Example:
        roadbed genesis show demo/genesis.json
      """)

  @Argument(help: "The genesis file, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let genesis = try GenesisFile.read(file)
    if output.json { return Console.print(GenesisDocument.render(genesis)) }
    GenesisSheet.print(genesis)
    let quorum = Quorum(validators: genesis.validators.count)
    Console.print()
    Console.print("Members")
    var members = Table("NAME", "ROLES", "KEYS", "THRESHOLD", "DESCRIPTION")
    for member in genesis.members {
      let roles = member.authority.roles.names
      members.add(
        "\(member.name)", roles.isEmpty ? "-" : roles.joined(separator: ","), "\(member.authority.keys.count)",
        "\(member.authority.threshold)", member.description)
    }
    members.print(indent: 2)
    Console.print()
    Console.print("Validators (\(quorum.size) of \(quorum.validators) make a quorum, \(quorum.faults) may be faulty)")
    var validators = Table("NAME", "MEMBER", "ADDRESS", "VOTE KEY")
    for validator in genesis.validators {
      validators.add("\(validator.name)", "\(validator.member)", validator.address, "\(validator.voteKey)")
    }
    validators.print(indent: 2)
  }
}
