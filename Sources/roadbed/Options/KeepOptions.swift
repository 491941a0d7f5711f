import ArgumentParser

/// Where the bytes of a transaction are kept until it is final.
struct KeepOptions: ParsableArguments {
  /// The default directories: the first within a cluster's directory; the second, without a cluster, within the current
  /// directory.
  private static let inCluster = "pending"
  private static let elsewhere = "roadbed-pending"

  @Option(
    help: ArgumentHelp(
      "Where to keep the signed bytes until the transaction is final, as ID.tx. Default: pending in the cluster's "
        + "directory, or else roadbed-pending in the current directory.", valueName: "dir"), completion: .directory)
  var keep: String?

  @Flag(help: "Keep no copy of the signed bytes.")
  var noKeep = false

  func validate() throws {
    if noKeep, keep != nil { throw ValidationError("--keep and --no-keep contradict each other: use only one.") }
  }

  /// The directory for copies, or nil if no copy is kept. `cluster` is the cluster's directory as the user gave it.
  func directory(cluster: String?) -> String? {
    noKeep ? nil : keep ?? KeepOptions.place(cluster: cluster)
  }

  /// The directory for copies unless the user chooses another.
  static func place(cluster: String?) -> String { cluster.map { Paths.join($0, inCluster) } ?? elsewhere }
}
