import ArgumentParser

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Make, list and check snapshots of the state.",
    discussion: """
      A node makes snapshots by itself (snapshots.interval in node.yaml), begins its starts with the newest one, and \
      gives them to nodes that join. These commands work on a node's directory, with the node running or not.
      """,
    subcommands: [SnapshotList.self, SnapshotVerify.self, SnapshotCreate.self])
}
