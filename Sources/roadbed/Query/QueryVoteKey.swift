import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct QueryVoteKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vote-key",
    abstract: "Show the vote key that a node offers to the chain, with the proof that the node has it.",
    discussion: """
      Ask the node itself, on its own machine, and give the file to the administrators if they cannot reach its API: it \
      contains nothing secret.

      Example:
        roadbed query vote-key --node http://127.0.0.1:7400 --json > offer.json
      """)

  @OptionGroup var query: QueryOptions

  func run() async throws {
    try await query.run {
      try await $0.voteKey()
    } print: { view in
      var sheet = Sheet()
      sheet.add("node", "\(view.node) of \(view.member), \(view.role.rawValue)")
      sheet.add("vote key", view.voteKey)
      sheet.add("proof", view.keyProof)
      sheet.print()
    }
  }
}
