import ArgumentParser
import Ledger
import LedgerClient
import Primitives

struct ObserverRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a node that is no validator from the chain's directory.",
    discussion: """
      The administrators sign. The other nodes then accept no link from it. A validator must be made an observer first: \
      `roadbed validator remove`.

      Example:
        roadbed observer remove node5 --dir demo --key registry --wait
      """)

  @Argument(help: "The node's name.", transform: Name.argument)
  var name: Name

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.run { _, _ in [.directoryRemove(name: name)] }
  }
}
