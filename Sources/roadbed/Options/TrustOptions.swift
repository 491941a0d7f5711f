import ArgumentParser
import Ledger

/// What a command that verifies a file offline relies on.
struct TrustOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The chain's genesis file.", valueName: "file"), completion: .file(extensions: ["json"]))
  var genesis: String

  @Option(
    help: ArgumentHelp(
      "What you know of a later epoch from another source: older keys are then not relied on.",
      valueName: "epoch:digest"),
    transform: Checkpoint.argument)
  var checkpoint: Checkpoint?
}
