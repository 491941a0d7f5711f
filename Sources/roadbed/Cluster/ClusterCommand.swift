import ArgumentParser

struct ClusterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Run a whole chain on this machine, one process per node.",
    discussion: """
      For trying things out, for development and for tests. Everything is in one directory: each node's own directory, \
      the members' keys, the genesis file, and cluster.json, which describes the cluster to programs. In production, \
      each organisation runs its own node: see `roadbed node`.

      A session:
        roadbed cluster new --dir demo --nodes 4
        roadbed cluster up --dir demo --detach
        roadbed cluster status --dir demo
        roadbed cluster kill --dir demo node2
        roadbed cluster start --dir demo node2
        roadbed cluster stop --dir demo
      """,
    subcommands: [
      ClusterNew.self, ClusterUp.self, ClusterStatus.self, ClusterStop.self, ClusterKill.self, ClusterStart.self,
    ])
}
