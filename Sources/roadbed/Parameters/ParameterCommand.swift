import ArgumentParser

struct ParameterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameter", abstract: "Show and change the settings of the chain as a whole.",
    subcommands: [ParameterList.self, ParameterSetCommand.self])
}
