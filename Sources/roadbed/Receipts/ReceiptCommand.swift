import ArgumentParser

struct ReceiptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "Fetch and verify receipts.",
    discussion: """
      A receipt proves that a transaction is in a final block, and what became of it. It verifies with the genesis \
      file alone: no node, no network, no trust in whoever handed it over.
      """,
    subcommands: [ReceiptGet.self, ReceiptVerify.self])
}
