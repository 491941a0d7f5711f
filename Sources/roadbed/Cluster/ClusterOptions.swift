import ArgumentParser
import Foundation

/// The option that chooses the cluster on which a command acts.
struct ClusterOptions: ParsableArguments {
  /// The default for `--dir`, so that a session need not repeat it.
  static let variable = "ROADBED_CLUSTER"

  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("The cluster's directory. Default: $\(ClusterOptions.variable).", valueName: "dir"),
    completion: .directory)
  var directory: String?

  var given: String? { directory ?? ProcessInfo.processInfo.environment[ClusterOptions.variable] }

  func cluster() throws -> Cluster {
    guard let given else {
      throw ValidationError("Missing expected argument '--dir <dir>', and $\(ClusterOptions.variable) is not set.")
    }
    return try Cluster(directory: given)
  }
}
