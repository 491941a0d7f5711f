import ArgumentParser

/// Where a node offers its vote key.
struct KeySourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The URL of the node's own API, or the file that `roadbed query vote-key --json` wrote there. Default: the node "
        + "itself, if it is among the nodes that are asked.",
      valueName: "url|file"))
  var from: String?
}
