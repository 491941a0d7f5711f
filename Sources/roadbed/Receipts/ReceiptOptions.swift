import ArgumentParser
import Ledger

/// The receipt that a command verifies, and what it is verified with.
struct ReceiptOptions: ParsableArguments {
  @Argument(help: "The receipt, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup var trust: TrustOptions

  func verified() throws -> CheckedReceipt {
    try CheckedReceipt(file, genesis: try GenesisFile.read(trust.genesis), checkpoint: trust.checkpoint)
  }
}
