import ArgumentParser
import Ledger
import Primitives

struct TransactionTransfer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Move units of an asset from one account to another.",
    discussion: """
      The owner of the paying account signs.

      Example:
        roadbed tx transfer --from bank-a/reserve --to bank-b/reserve --asset eur --amount 125.50 \\
          --dir demo --key bank-a --wait
      """)

  @Option(help: "The account that pays.", transform: AccountName.argument)
  var from: AccountName

  @Option(help: "The account that receives.", transform: AccountName.argument)
  var to: AccountName

  @OptionGroup var amount: AmountArgument

  @Option(help: "A text of at most 64 bytes that goes with it.")
  var memo = ""

  @OptionGroup var submission: SubmissionOptions

  func validate() throws {
    guard memo.utf8.count <= Limits.memoBytes else {
      throw ValidationError("--memo has \(memo.utf8.count) bytes; the limit is \(Limits.memoBytes).")
    }
  }

  func run() async throws {
    try await submission.run { client, _ in
      [
        .assetTransfer(
          asset: amount.asset, from: from, to: to, amount: try await amount.units(client), memo: Array(memo.utf8))
      ]
    }
  }
}

struct TransactionIssue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Create units of an asset.",
    discussion: """
      The asset's issuer signs.

      Example:
        roadbed tx issue --to bank-a/reserve --asset eur --amount 1000000 --dir demo --key mint --wait
      """)

  @Option(help: "The account that receives.", transform: AccountName.argument)
  var to: AccountName

  @OptionGroup var amount: AmountArgument
  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in
      [.assetIssue(asset: amount.asset, to: to, amount: try await amount.units(client))]
    }
  }
}

struct TransactionRetire: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire",
    abstract: "Destroy units of an asset.",
    discussion: """
      The asset's issuer and the account's owner sign.

      Example:
        roadbed tx retire --from bank-a/reserve --asset eur --amount 1000 --dir demo --key mint --key bank-a --wait
      """)

  @Option(help: "The account that gives the units up.", transform: AccountName.argument)
  var from: AccountName

  @OptionGroup var amount: AmountArgument
  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { client, _ in
      [.assetRetire(asset: amount.asset, from: from, amount: try await amount.units(client))]
    }
  }
}

struct TransactionDefine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "define",
    abstract: "Define an asset.",
    discussion: """
      The issuer signs; it needs the role issuer.

      Example:
        roadbed tx define eur --issuer mint --decimals 2 --description 'Euro' --dir demo --key mint --wait
      """)

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @Option(help: "The member that issues it.", transform: Name.argument)
  var issuer: Name

  @Option(help: "Digits after the point in amounts, 0 to 30.")
  var decimals: UInt8

  @Option(help: "A text of at most 256 bytes.")
  var description = ""

  @OptionGroup var submission: SubmissionOptions

  func validate() throws {
    guard decimals <= Limits.assetDecimals else {
      throw ValidationError("--decimals is \(decimals); allowed are 0 to \(Limits.assetDecimals).")
    }
  }

  func run() async throws {
    try await submission.run { _, _ in
      [.assetDefine(asset: asset, issuer: issuer, decimals: decimals, description: description)]
    }
  }
}
