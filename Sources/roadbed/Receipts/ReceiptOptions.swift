import ArgumentParser
import Ledger

/// The receipt that a command verifies, and what it is verified with.
struct ReceiptOptions: ParsableArguments {
  @Argument(help: "The receipt, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: ArgumentHelp("The chain's genesis file.", valueName: "file"), completion: .file(extensions: ["json"]))
  var genesis: String

  @Option(
    help: ArgumentHelp(
      "What you know of a later epoch from another source: older keys are then not relied on.",
      valueName: "epoch:digest"),
    transform: Checkpoint.argument)
  var checkpoint: Checkpoint?

  func verified() throws -> CheckedReceipt {
    try CheckedReceipt(file, genesis: try GenesisFile.read(genesis), checkpoint: checkpoint)
  }
}
