import ArgumentParser
import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ReceiptGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Fetch the receipt of a final transaction.",
    discussion: """
      With --genesis, or --dir of a cluster, verifies the receipt before writing it.

      Example:
        roadbed receipt get 3f1b… -o receipt.json --dir demo
      """)

  @Argument(help: ArgumentHelp("The transaction's id.", valueName: "id"), transform: Digest.argument)
  var id: Digest

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write. Default, and with -: standard output.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("The chain's genesis file, to verify with.", valueName: "file"))
  var genesis: String?

  @OptionGroup var nodes: NodeOptions

  @Flag(help: "Print the result as one JSON value; without -o, the receipt itself.")
  var json = false

  private struct Answer: Encodable {
    var file: String
    var transaction: Digest
    var verified: Bool
  }

  func run() async throws {
    let genesisFile = try genesis ?? nodes.knownCluster()?.genesisFile
    try await nodes.withClient { try await ReceiptGet.fetch(id, to: output, genesis: genesisFile, $0) }
    guard let output, try FileTarget(output) != .standardOutput else { return }
    if json {
      return try Console.printJSON(Answer(file: output, transaction: id, verified: genesisFile != nil))
    }
    Console.print("wrote \(output)\(genesisFile == nil ? "" : ", verified")")
    guard case .file = try FileTarget(output) else { return }
    Console.next("roadbed receipt verify \(Paths.quoted(output)) --genesis \(genesisFile ?? "GENESIS")")
  }

  /// Fetches a receipt, verifies it if a genesis file is given, and writes it to a file or to standard output.
  static func fetch(_ id: Digest, to output: String?, genesis: String?, _ client: LedgerClient) async throws {
    let bytes = try await client.receiptFile(id)
    if let genesis {
      let proved = try ReceiptFile.verify(
        bytes, document: "the receipt of \(id)", genesis: try GenesisFile.read(genesis))
      guard proved.transaction.id == id else {
        throw ClientError.otherTransaction(asked: id, proved: proved.transaction.id)
      }
    }
    try TextFile.write(bytes, to: output ?? "-")
  }
}
