import ArgumentParser

/// Where the bytes of a transaction are kept until it is final.
struct KeepOptions: ParsableArguments {
  /// Beside the nodes of a cluster, and without a cluster in the directory that the command runs in.
  private static let inCluster = "pending"
  private static let elsewhere = "roadbed-pending"

  @Option(
    help: ArgumentHelp(
      "Where the signed bytes are kept until the transaction is final, in the file ID.tx. Without it: pending in the "
        + "cluster's directory, else roadbed-pending here.", valueName: "dir"), completion: .directory)
  var keep: String?

  @Flag(help: "Keep no copy of the signed bytes.")
  var noKeep = false

  func validate() throws {
    if noKeep, keep != nil { throw ValidationError("--keep and --no-keep contradict each other: leave one out.") }
  }

  /// The directory, nil if nothing is to be kept. `cluster` is the cluster's directory as it was given.
  func directory(cluster: String?) -> String? {
    noKeep ? nil : keep ?? KeepOptions.place(cluster: cluster)
  }

  /// Where copies are unless the user says otherwise.
  static func place(cluster: String?) -> String { cluster.map { Paths.join($0, inCluster) } ?? elsewhere }
}
