import ArgumentParser
import Ledger
import LedgerClient
import Primitives

struct QueryStatement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement",
    abstract: "Show an account's opening amounts, movements and closing amounts for a period.",
    discussion: """
      The opening amounts are those after the block --from, and the closing amounts those after the block --to, or after the \
      last block before a time. What the node says is added up. With proofs of balances ('roadbed proof get balance'), \
      kept from both ends of the period, the statement is compared with them and refused if it does not lead from one to the \
      other. It says what was proved.

      Examples:
        roadbed query statement bank-a/reserve --dir demo
        roadbed query statement bank-a/reserve --from 2031-07-01 --to 2031-08-01 --csv --dir demo
        roadbed query statement bank-a/reserve --opening-proof june.json --closing-proof july.json --dir demo
      """)

  @Argument(help: "The account's name.", transform: AccountName.argument)
  var account: AccountName

  @Option(
    help: ArgumentHelp(
      "The block after which the period begins, or a time or day in UTC. Default: the beginning of the chain.",
      valueName: "height|time"),
    transform: PeriodEnd.argument)
  var from: PeriodEnd?

  @Option(
    help: ArgumentHelp(
      "The last block of the period, or a time or day in UTC before which it ends. Default: the newest block.",
      valueName: "height|time"),
    transform: PeriodEnd.argument)
  var to: PeriodEnd?

  @Option(help: "Only this asset.", transform: Name.argument)
  var asset: Name?

  @Option(
    help: ArgumentHelp(
      "The proof of a balance with which the period begins. Repeat for other assets. Needs --genesis or --dir.",
      valueName: "file"))
  var openingProof: [String] = []

  @Option(
    help: ArgumentHelp(
      "The proof of a balance with which the period ends. Repeat for other assets. Needs --genesis or --dir.",
      valueName: "file"))
  var closingProof: [String] = []

  @Flag(help: "Fetch and verify proofs of the closing balances, with which the period ends. Needs --genesis or --dir.")
  var prove = false

  @Option(help: ArgumentHelp("The chain's genesis file, to verify with.", valueName: "file"))
  var genesis: String?

  @Option(
    help: ArgumentHelp(
      "What you know of a later epoch from another source: older keys are then not relied on.",
      valueName: "epoch:digest"),
    transform: Checkpoint.argument)
  var checkpoint: Checkpoint?

  @OptionGroup var nodes: NodeOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Print rows of comma-separated values (RFC 4180), for spreadsheets.")
  var csv = false

  func validate() throws {
    guard openingProof.isEmpty || from == nil else {
      throw ValidationError("Give only one of --from and --opening-proof, which says where the period begins.")
    }
    guard [to != nil, !closingProof.isEmpty, prove].count(where: \.self) <= 1 else {
      throw ValidationError(
        "Give only one of --to, --closing-proof and --prove, each of which says where the period ends.")
    }
    guard !wantsGenesis || genesis != nil || nodes.cluster.given != nil else {
      throw ValidationError("Proofs need --genesis FILE, or --dir DIR of a cluster, to verify them.")
    }
    guard !csv || !output.json else { throw ValidationError("Give only one of --json and --csv.") }
  }

  private var wantsGenesis: Bool { prove || !openingProof.isEmpty || !closingProof.isEmpty }

  func run() async throws {
    let trusted = try trustedGenesis()
    try await nodes.withClient { client in
      let opening = try proofs(openingProof, trusted)
      var closing = try proofs(closingProof, trusted)
      if prove, let trusted {
        let assets = opening.compactMap { proof in if case .balance(_, let asset) = proof.key { asset } else { nil } }
        closing = try await client.balanceProofs(of: account, asset: asset, and: assets, genesis: trusted)
      }
      let period = try StatementPeriod(
        account: account, opening: try await from?.height(client) ?? .genesis, closing: try await to?.height(client),
        asset: asset, opening, closing)
      let statement = try await client.statement(period)
      var printer = printer(of: statement)
      try printer.begin()
      try await client.forEachMovement(of: statement) { printer.add($0, $1) }
      try printer.end()
    }
  }

  private func printer(of statement: ReconciledStatement) -> any StatementPrinter {
    if csv { return StatementRows(statement) }
    return output.json ? StatementDocument(statement) : StatementText(statement)
  }

  /// Nil if nothing is to be verified.
  private func trustedGenesis() throws -> Genesis? {
    guard wantsGenesis else { return nil }
    return try (genesis ?? nodes.knownCluster()?.genesisFile).map { try GenesisFile.read($0) }
  }

  private func proofs(_ files: [String], _ genesis: Genesis?) throws -> [VerifiedEntry] {
    guard let genesis else { return [] }
    return try files.map {
      try ProofFile.verify(
        try TextFile.read($0), document: TextFile.name($0), genesis: genesis, checkpoint: checkpoint)
    }
  }
}
