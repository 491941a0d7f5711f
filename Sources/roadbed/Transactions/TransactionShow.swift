import ArgumentParser
import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct TransactionShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a transaction would do, who has signed it and who has not.",
    discussion: """
      Reads a file of operations, a transaction that `tx sign` wrote, or a transaction's signed bytes. Says in words \
      what would be signed, verifies the signatures, and asks a node who must still sign and what the transaction would \
      do now: the node tries it on its state and takes it back. Nothing is signed, sent or changed. The exit status is \
      1 if a signature is invalid.

      With --offline no node is asked: what is shown is then what the file itself says and proves.

      Examples:
        roadbed tx show signed.json --dir demo
        roadbed tx show signed.json --genesis genesis.json --offline --decimals eur=2
      """)

  @Argument(
    help: "The JSON file or the file of signed bytes, or - for standard input.",
    completion: .file(extensions: ["json", "tx"]))
  var file: String

  @OptionGroup var nodes: NodeOptions

  @Option(
    help: ArgumentHelp(
      "The chain's genesis file. Default: that of the cluster in --dir, or else the node's chain.", valueName: "file"))
  var genesis: String?

  @Flag(help: "Ask no node.")
  var offline = false

  @OptionGroup var decimals: DecimalsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let report = try await report()
    if output.json {
      try Console.printJSON(report)
    } else {
      report.print(file: file, nodes: nodes)
    }
    if !report.isValid { throw ExitCode(ErrorReport.failure) }
  }

  private func report() async throws -> TransactionReport {
    if offline {
      guard let chain = try knownChain() else {
        throw ValidationError(
          "--offline needs --genesis FILE, or --dir DIR of a cluster: a signature is bound to one chain.")
      }
      return try await report(chain, nil)
    }
    guard !(try nodes.urls()).isEmpty else { throw CommandError.noNodeToTry }
    return try await nodes.withClient { client in
      let chain: ChainView
      if let known = try knownChain() { chain = known } else { chain = try await client.chain() }
      return try await report(chain, client)
    }
  }

  private func knownChain() throws -> ChainView? {
    let cluster = try nodes.knownCluster()
    guard let file = genesis ?? cluster?.genesisFile else { return nil }
    let genesis = try GenesisFile.read(file)
    return ChainView(name: "\(genesis.chainName)", suite: genesis.suite, genesis: genesis.digest)
  }

  private func report(_ chain: ChainView, _ client: LedgerClient?) async throws -> TransactionReport {
    let content = try TransactionFile(file, chain: chain.context, cluster: try nodes.knownCluster())
    let now = SystemClock.now
    let draft: TransactionDraft
    if case .signed(let transaction) = content {
      draft = TransactionDraft(transaction, chain: chain.context)
    } else {
      let known = try await decimals.known(content.assetsToLookUp, client)
      let unknown = content.assetsToLookUp.first { known[$0] == nil }
      if client == nil, let unknown { throw CommandError.decimalsUnknown(unknown) }
      // Only a signature fixes the end of mere operations; until then one counts that every chain allows.
      draft = try content.draft(
        chain: chain.context, decimals: known,
        end: now.advanced(byMilliseconds: UInt64(Limits.settableValidity.lowerBound / 2)))
    }
    let operations = draft.operations
    let shown = try await decimals.known(operations.compactMap(\.touched.movedAsset).uniqued(), client)
    var verifier = SignatureVerifier(chain.suite)
    return TransactionReport(
      chain, draft, isFixed: content.fixesTransaction, operations: RenderedOperation.list(operations) { shown[$0] },
      draft.verify(with: &verifier), preview: try await client?.preview(draft), now: now)
  }
}

extension CommandError {
  static let noNodeToTry = CommandError(
    code: noNode.code, explanation: "nothing says which node is to try the transaction",
    nextStep: "\(noNode.nextStep); or --offline for what the file itself says")

  static func decimalsUnknown(_ asset: Name) -> CommandError {
    CommandError(
      code: "asset.unknown", explanation: "the file gives amounts of \(asset), whose decimals only the chain knows",
      nextStep: "add --decimals \(asset)=N, if you know them, or ask a node: omit --offline")
  }
}
