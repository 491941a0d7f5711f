import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ValidatorAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Make a node of the directory a validator.",
    discussion: """
      The administrators sign. The node must be in the directory (`roadbed observer add`), run, and be level with the \
      others. Its vote key comes from the node itself, with a proof: from its API, or from a file that its operator made \
      with `roadbed query vote-key --json`. Returns when a block of the epoch in which it votes is final.

      Example:
        roadbed validator add node5 --from http://127.0.0.1:7505 --dir demo --key registry
      """)

  @Argument(help: "The node's name in the directory.", transform: Name.argument)
  var name: Name

  @OptionGroup var key: KeySourceOptions
  @OptionGroup var change: ValidatorChangeOptions

  func run() async throws {
    try await change.run(source: key.from) { survey, view, chain in
      let newcomer = try await Newcomer(name, key.from, survey, view, chain)
      let names = view.items.map(\.name) + [name]
      return ValidatorChange(
        operations: [.validatorAdd(newcomer.offer.proof, configuration: view.configuration)], validators: names,
        offer: newcomer.offer,
        plan: newcomer.offer.warnings + [
          newcomer.line(index: view.items.count),
          ValidatorChange.quorumLine(view.items.count, names, survey),
          "the administrators sign; leave the node running",
        ], done: { "validator \(name) votes from epoch \($0)" })
    }
  }
}
