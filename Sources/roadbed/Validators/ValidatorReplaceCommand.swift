import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ValidatorReplaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replace",
    abstract: "Make a node of the directory a validator in place of another.",
    discussion: """
      The administrators sign one transaction that removes one validator and adds the other, so the number stays the same. \
      What holds for `roadbed validator add` and `roadbed validator remove` holds here.

      Example:
        roadbed validator replace node4 node5 --from http://127.0.0.1:7505 --dir demo --key registry
      """)

  @Argument(help: "The name of the validator to remove.", transform: Name.argument)
  var old: Name

  @Argument(help: "The name of the node to add.", transform: Name.argument)
  var new: Name

  @OptionGroup var key: KeySourceOptions
  @OptionGroup var change: ValidatorChangeOptions

  func run() async throws {
    try await change.run(source: key.from) { survey, view, chain in
      try view.require(old)
      let newcomer = try await Newcomer(new, key.from, survey, view, chain)
      let names = view.items.map(\.name).filter { $0 != old } + [new]
      return ValidatorChange(
        operations: [
          .validatorRemove(name: old, configuration: view.configuration),
          .validatorAdd(newcomer.offer.proof, configuration: view.configuration),
        ], validators: names, offer: newcomer.offer,
        plan: newcomer.offer.warnings + [
          "\(old) votes no more, and goes on as an observer",
          newcomer.line(index: names.count - 1),
          ValidatorChange.quorumLine(view.items.count, names, survey),
          "the administrators sign; leave both nodes running until this is done",
        ],
        done: {
          "validator \(new) votes from epoch \($0), which is open: \(old) is an observer and may be switched off"
        })
    }
  }
}
