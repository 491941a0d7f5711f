import ArgumentParser
import Ledger

struct ProofGetHold: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Prove an open hold: payee, what is still held, expiry and arbiter.",
    discussion: "That there is none shows only that no hold with the reference is open now.")

  @Argument(help: "The account that pays.", transform: AccountName.argument)
  var from: AccountName

  @Argument(help: "The hold's reference.", transform: HoldReference.argument)
  var reference: HoldReference

  @OptionGroup var options: ProofGetOptions

  func run() async throws { try await options.fetch(.hold(from, reference)) }
}
