import ArgumentParser

struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask a node what the ledger says.",
    discussion: """
      Answers are from the final state. They are the node's word; what a receipt says is proved (`roadbed receipt`). \
      With --json the answer is the API's own.

      Examples:
        roadbed query status --dir demo
        roadbed query account bank-a/reserve --node http://127.0.0.1:7501
        roadbed query record contracts/2031 contract.pdf --history --json
      """,
    subcommands: [
      QueryStatus.self, QueryHealth.self, QueryBlock.self, QueryBlocks.self, QueryTransaction.self,
      QueryAccount.self, QueryAccounts.self, QueryHistory.self, QueryMember.self, QueryMembers.self, QueryAsset.self,
      QueryAssets.self, QueryRecord.self, QueryValidators.self,
    ])
}
