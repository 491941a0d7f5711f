import ArgumentParser
import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct TransactionSign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Add signatures to a transaction without submitting it.",
    discussion: """
      Use this for transactions that several members must sign: each adds a signature and passes the file on; the last \
      one submits it with `roadbed tx submit`. The first signer may start from a file of operations; this sets the \
      transaction's id and the end of its validity. Read what you sign: the operations are in the file.

      Needs a node only to look up the decimals of amounts. Offline, give them with --decimals, or write amounts as \
      "units".

      Examples:
        roadbed tx sign payout.json --genesis genesis.json --key bank-a=a.pem --decimals eur=2 > signed.json
        roadbed tx sign signed.json --dir demo --key bank-b -o both.json
      """)

  @Argument(help: "The JSON file, or - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup var nodes: NodeOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var time: ValidityOptions

  @Option(help: ArgumentHelp("The chain's genesis file. Default: that of the cluster in --dir.", valueName: "file"))
  var genesis: String?

  @OptionGroup var decimals: DecimalsOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write. Default, and with -: standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Accepted for uniformity: the result is JSON in any case.")
  var json = false

  func run() async throws {
    let cluster = try nodes.knownCluster()
    guard let genesisFile = genesis ?? cluster?.genesisFile else {
      throw ValidationError("Give --genesis FILE, or --dir DIR of a cluster: a signature is bound to one chain.")
    }
    let chain = try GenesisFile.read(genesisFile).chain
    let signers = try keys.signers(suite: chain.suite, cluster: cluster)
    guard !signers.isEmpty else { throw CommandError.noKey }

    let document = try TransactionFile(file, chain: chain, cluster: cluster)
    let decimals = try await decimals.known(document.assetsToLookUp, nodes)
    var draft = try document.draft(chain: chain, decimals: decimals, end: time.end, nonce: time.nonce)
    for signer in signers { try draft.sign(as: signer.member, with: signer.key) }
    var hash = HashFunction(chain.suite)
    // With this many signatures, or bytes, it might never be accepted.
    _ = try draft.assemble(hash: &hash)
    let bytes = TransactionDocument.render(draft) { decimals[$0] }
    guard let output, try FileTarget(output) != .standardOutput else { return Console.print(bytes) }
    try TextFile.write(bytes, to: output)
    if !json {
      Console.print("wrote \(output): transaction \(draft.id) with \(draft.signatures.count) signature(s)")
      Console.next("pass it to the next signer, or run: roadbed tx submit \(output)")
    }
  }
}
