import ArgumentParser
import Foundation
import Ledger
import LedgerClient
import Primitives

struct TransactionAnchor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor",
    abstract: "Anchor the digest of a file.",
    discussion: """
      Records the digest of the file's content as the next version of a record; the file itself is not sent. Anyone who \
      has the file can later prove when it was anchored and by whom. The digest is the plain hash by the chain's hash \
      function, as `sha256sum` prints it (on sm2-sm3 chains: `openssl dgst -sm3`).

      The author signs, and needs the role notary.

      Example:
        roadbed tx anchor contract.pdf --collection contracts/2031 --dir demo --key notary --wait
      """)

  @Argument(help: "The file.", completion: .file())
  var file: String

  @Option(help: "The collection; the member that first anchors in it owns it.", transform: CollectionName.argument)
  var collection: CollectionName

  @Option(help: "The record's key in the collection. Default: the file's name.")
  var recordKey: String?

  @Option(help: "The member that anchors. Default: the member of the first key.", transform: Name.argument)
  var author: Name?

  @Option(help: "A text of at most 1024 bytes, stored with the record.")
  var metadata = ""

  @OptionGroup var submission: SubmissionOptions

  func run() async throws {
    let key = recordKey ?? Paths.name(of: file)
    try await submission.run { _, chain in
      let signers = try submission.keys.signers(
        suite: chain.suite, cluster: try submission.nodes.knownCluster())
      guard let author = author ?? signers.first?.member else { throw CommandError.noKey }
      let content = try ContentDigest.of(file, suite: chain.suite)
      if !submission.output.json { Console.print("\(file) has the digest \(content)") }
      return [
        .recordAnchor(
          author: author, collection: collection, key: key, content: content, metadata: Array(metadata.utf8))
      ]
    }
  }
}
