import ArgumentParser

struct ObserverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observer", abstract: "Show and change the nodes that follow the chain, and how nodes are reached.",
    subcommands: [ObserverList.self, ObserverAdd.self, ObserverRemove.self])
}
