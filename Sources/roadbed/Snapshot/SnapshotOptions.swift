import ArgumentParser
import Foundation

/// Which node's snapshots to use, and which genesis file to trust.
struct SnapshotOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp("The genesis file to trust. Default: the one in the node's settings.", valueName: "file"))
  var genesis: String?

  @OptionGroup var output: OutputOptions

  func history() throws -> NodeHistory { try NodeHistory(directory: directory, genesis: genesis) }

  /// The number of threads that verify and load: one per core.
  static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }
}
