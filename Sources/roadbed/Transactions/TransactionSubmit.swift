import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct TransactionSubmit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submit a file of operations, or a signed transaction.",
    discussion: """
      Signs with the given keys, keeps the signatures that are already in the file, and submits the transaction. A file \
      of signed bytes, such as the ID.tx that commands keep until a transaction is final, is submitted unchanged: it is \
      always the same transaction, which is applied at most once.

      Examples:
        roadbed tx submit payments.json --node http://127.0.0.1:7501 --key bank-a=keys/bank-a.pem --wait
        roadbed tx submit payments.json --dir demo --key bank-a --wait
        echo '[{"kind":"account.open","account":"bank-a/rent"}]' | roadbed tx submit - --dir demo --key bank-a
      """)

  @Argument(
    help: "The JSON file or the file of signed bytes, or - for standard input.",
    completion: .file(extensions: ["json", "tx"]))
  var file: String

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.nodes.withClient { client in
      let chain = try await submission.chain(client)
      let content = try TransactionFile(file, chain: chain, cluster: try submission.nodes.knownCluster())
      if case .signed(let transaction) = content {
        guard submission.keys.key.isEmpty else { throw CommandError.signedBytes(transaction.id) }
        let source = file == "-" ? nil : file
        return try await Submission(transaction, submission, readFrom: source, isRepeatable: true).run(client)
      }
      let decimals = try await client.decimals(of: content.assetsToLookUp)
      let draft = try content.draft(
        chain: chain, decimals: decimals, end: submission.time.end, nonce: submission.time.nonce)
      try await Submission(try submission.sign(draft), submission, isRepeatable: content.fixesTransaction).run(client)
    }
  }
}
