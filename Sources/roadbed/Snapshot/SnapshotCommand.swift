import ArgumentParser

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Create, list and verify snapshots of the state.",
    discussion: """
      A node makes snapshots by itself (snapshots.interval in node.yaml), starts from the newest one, and serves them \
      to nodes that join. These commands work on a node's directory, whether or not the node is running.
      """,
    subcommands: [SnapshotList.self, SnapshotVerify.self, SnapshotCreate.self])
}
