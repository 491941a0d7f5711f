import ArgumentParser

struct ValidatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validator",
    abstract: "Show and change who votes.",
    discussion: """
      The administrators decide who the validators are; a validator's own member may also change its vote key. Each change \
      begins an epoch. Before anything is signed, the commands ask the nodes that you give whether enough validators run \
      for the chain to go on afterwards, and they return when a block of the new epoch is final.

      A node becomes a validator in three steps: `roadbed node init` on its own machine, `roadbed observer add` by the \
      administrators, and `roadbed validator add` once it is level with the others.
      """,
    subcommands: [
      ValidatorList.self, ValidatorAddCommand.self, ValidatorRemoveCommand.self, ValidatorReplaceCommand.self,
      ValidatorRotateKey.self,
    ])
}
