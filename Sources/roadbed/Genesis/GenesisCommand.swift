import ArgumentParser

struct GenesisCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genesis",
    abstract: "Make, show and check genesis files.",
    discussion: """
      A genesis file says what a chain starts from: its name, suite, first members and validators. Its digest names \
      the chain: everything that is signed is bound to it, and whoever has the file can verify every receipt of the \
      chain. All nodes of a chain use the same genesis.
      """,
    subcommands: [GenesisNew.self, GenesisShow.self, GenesisCheck.self])
}
