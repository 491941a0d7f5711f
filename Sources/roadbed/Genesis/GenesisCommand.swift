import ArgumentParser

struct GenesisCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genesis",
    abstract: "Create, show and check genesis files.",
    discussion: """
      A genesis file defines how a chain starts: its name, suite, first members and validators. Its digest identifies \
      the chain: every signature is bound to it, and anyone who has the file can verify every receipt of the chain. All \
      nodes of a chain use the same genesis file.
      """,
    subcommands: [GenesisNew.self, GenesisShow.self, GenesisCheck.self])
}
