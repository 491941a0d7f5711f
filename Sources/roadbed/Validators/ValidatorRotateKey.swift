import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ValidatorRotateKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-key",
    abstract: "Change the vote key of a validator to the next one, which its node has already made.",
    discussion: """
      The administrators sign, or the validator's own member, who may do so once in \
      \(Limits.keyChangeMilliseconds / 3_600_000) hours. The node goes on without a restart: it \
      signs with the new key from the next epoch on, and destroys the old one when a block of that epoch is final and on \
      its disk.

      Example:
        roadbed validator rotate-key node2 --dir demo --key operator2
      """)

  @Argument(help: "The validator's name.", transform: Name.argument)
  var name: Name

  @OptionGroup var key: KeySourceOptions
  @OptionGroup var change: ValidatorChangeOptions

  func run() async throws {
    try await change.run(source: key.from) { survey, view, chain in
      try view.require(name)
      let offer = try await OfferedKey(of: name, from: key.from, survey, chain)
      return ValidatorChange(
        operations: [.validatorUpdate(offer.proof, configuration: view.configuration)],
        validators: view.items.map(\.name), offer: offer,
        plan: offer.warnings + [
          "\(name) votes with the key \(offer.proof.key) from the next epoch on, and its node destroys the old one",
          "the administrators sign, or the validator's member, who may do so once in "
            + "\(Limits.keyChangeMilliseconds / 3_600_000) hours",
        ],
        done: {
          "validator \(name) votes with its new key from epoch \($0), which is open: the node destroys the old key"
        })
    }
  }
}
