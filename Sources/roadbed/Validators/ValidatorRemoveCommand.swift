import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ValidatorRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Make a validator an observer.",
    discussion: """
      The administrators sign. The node stays in the directory and goes on as an observer. Switch it off only when this \
      command has returned: until a block of the next epoch is final it counts among the validators.

      Example:
        roadbed validator remove node5 --dir demo --key registry
      """)

  @Argument(help: "The validator's name.", transform: Name.argument)
  var name: Name

  @OptionGroup var change: ValidatorChangeOptions

  func run() async throws {
    try await change.run { survey, view, _ in
      let names = try view.names(without: name)
      return ValidatorChange(
        operations: [.validatorRemove(name: name, configuration: view.configuration)], validators: names,
        plan: [
          "\(name) votes no more, and goes on as an observer",
          ValidatorChange.quorumLine(view.items.count, names, survey),
          "the administrators sign; leave the node running until this is done",
        ],
        done: { "\(name) is an observer from epoch \($0), which is open: the node may be switched off" })
    }
  }
}

extension ValidatorsView {
  /// The names of the validators but one, which must be among them and not the last.
  func names(without name: Name) throws(CommandError) -> [Name] {
    try require(name)
    let names = items.map(\.name).filter { $0 != name }
    guard !names.isEmpty else { throw .lastValidator(name) }
    return names
  }

  /// Refuses a name that is no validator's.
  func require(_ name: Name) throws(CommandError) {
    guard items.contains(where: { $0.name == name }) else { throw .noValidator(name, known: items.map(\.name)) }
  }
}

extension CommandError {
  fileprivate static func noValidator(_ name: Name, known: [Name]) -> CommandError {
    CommandError(
      code: "validator.unknown", explanation: "\(name) is no validator",
      nextStep: "use one of: " + known.map { "\($0)" }.joined(separator: ", "))
  }

  fileprivate static func lastValidator(_ name: Name) -> CommandError {
    CommandError(
      code: "validator.last", explanation: "\(name) is the only validator, and a chain without one would end",
      nextStep: "add another one first, or replace it: `roadbed validator replace`")
  }
}
