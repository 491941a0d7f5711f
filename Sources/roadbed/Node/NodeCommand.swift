import ArgumentParser

struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Prepare and run one node, as an organisation does on its own machine.",
    discussion: """
      To begin a chain of several organisations:
        1. Each runs `roadbed node init` without --genesis and sends the others the validator's entry that it prints.
        2. One of them puts the entries into a genesis file (`roadbed genesis new`); all compare its digest.
        3. Each runs `roadbed node init --genesis FILE --founding`, then `roadbed node start`.

      To join a chain that runs, `roadbed node init` takes its genesis file together with --name, --member and --address.
      """,
    subcommands: [NodeInit.self, NodeStart.self, NodeTransportKey.self])
}
