import ArgumentParser
import Ledger

struct TransactionClose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Close an empty account.",
    discussion: """
      The account's owner signs. The account must have no balance and no open hold from or for it, and must not be frozen. \
      It can be opened again. The account with the member's own name stays open.

      Example:
        roadbed tx close bank-a/clients/baker --dir demo --key bank-a --wait
      """)

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in [.accountClose(account: account)] }
  }
}
