import ArgumentParser
import Ledger
import Primitives

struct TransactionDefine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "define",
    abstract: "Define an asset.",
    discussion: """
      The issuer signs, and needs the role issuer.

      Example:
        roadbed tx define eur --issuer mint --decimals 2 --description 'Euro' --dir demo --key mint --wait
      """)

  @Argument(help: "The asset's name.", transform: Name.argument)
  var asset: Name

  @Option(help: "The member that issues the asset.", transform: Name.argument)
  var issuer: Name

  @Option(help: "The number of digits after the point in amounts, 0 to 30.")
  var decimals: UInt8

  @Option(help: "A description of at most 256 bytes.")
  var description = ""

  @OptionGroup var submission: SubmissionOptions

  func validate() throws {
    guard decimals <= Limits.assetDecimals else {
      throw ValidationError("--decimals is \(decimals); it must be 0 to \(Limits.assetDecimals).")
    }
  }

  func run() async throws {
    try await submission.run { _, _ in
      [.assetDefine(asset: asset, issuer: issuer, decimals: decimals, description: description)]
    }
  }
}
