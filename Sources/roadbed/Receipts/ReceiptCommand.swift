import ArgumentParser

struct ReceiptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "Fetch, verify, show and compare receipts.",
    discussion: """
      A receipt proves that a transaction is in a final block, and proves its outcome. You can verify it with the genesis \
      file alone: without a node, without a network, and without trusting the person who gave it to you.
      """,
    subcommands: [ReceiptGet.self, ReceiptVerify.self, ReceiptShow.self, ReceiptCompare.self])
}
