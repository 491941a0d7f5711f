import ArgumentParser
import Ledger

struct TransactionOpen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open an account.",
    discussion: """
      An account is named MEMBER/PATH, and the member signs. The account with the member's own name exists from the start.

      Example:
        roadbed tx open bank-a/clients/baker --description 'Baker' --dir demo --key bank-a --wait
      """)

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @Option(help: "A description of at most 256 bytes.")
  var description = ""

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in [.accountOpen(account: account, description: description)] }
  }
}
