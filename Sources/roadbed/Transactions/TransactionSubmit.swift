import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct TransactionSubmit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submit a file of operations, or a signed transaction.",
    discussion: """
      Signs with the keys that are given, keeping the signatures that the file has, and submits.

      Examples:
        roadbed tx submit payments.json --node http://127.0.0.1:7501 --key bank-a=keys/bank-a.pem --wait
        roadbed tx submit payments.json --dir demo --key bank-a --wait
        echo '[{"kind":"account.open","account":"bank-a/rent"}]' | roadbed tx submit - --dir demo --key bank-a
      """)

  @Argument(help: "The JSON file, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    try await submission.nodes.withClient { client in
      let chain = try await submission.chain(client)
      let file = try TransactionFile(file, suite: chain.suite, cluster: try submission.nodes.knownCluster())
      let decimals = try await client.decimals(of: file.assetsToLookUp)
      let draft = try file.draft(chain: chain, decimals: decimals, time: submission.time)
      try await submission.finish(draft, client)
    }
  }
}
