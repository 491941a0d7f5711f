import ArgumentParser

struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Query a node about the ledger.",
    discussion: """
      Answers come from the final state. They are only the node's word; for proof, use a receipt (`roadbed receipt`) or a \
      proof of the state (`roadbed proof`). With --json, prints the API's answer unchanged.

      Examples:
        roadbed query status --dir demo
        roadbed query account bank-a/reserve --node http://127.0.0.1:7501
        roadbed query record contracts/2031 contract.pdf --history --json
      """,
    subcommands: [
      QueryStatus.self, QueryHealth.self, QueryBlock.self, QueryBlocks.self, QueryTransaction.self,
      QueryAccount.self, QueryAccounts.self, QueryHistory.self, QueryStatement.self, QueryHolds.self, QueryMember.self,
      QueryMembers.self,
      QueryAsset.self, QueryAssets.self, QueryRecord.self, QueryValidators.self, QueryVoteKey.self,
    ])
}
