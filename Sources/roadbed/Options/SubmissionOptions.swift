import ArgumentParser
import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Everything that commands share which build, sign and submit a transaction.
struct SubmissionOptions: ParsableArguments {
  @OptionGroup var nodes: NodeOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var time: ValidityOptions

  @Option(
    help: ArgumentHelp(
      "The chain's genesis file: sign for this chain only. Without it: the cluster's of --dir, or what the node says.",
      valueName: "file"))
  var genesis: String?

  @Flag(help: "Wait until the transaction is final. Exit status 1 if it is not, or if it failed.")
  var wait = false

  @Option(help: ArgumentHelp("How long to wait.", valueName: "seconds"))
  var timeout = 60

  @Option(
    help: ArgumentHelp(
      "Wait, fetch the receipt, verify it and write it here. Needs --genesis, or --dir of a cluster.",
      valueName: "file"))
  var receipt: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...86_400).contains(timeout) else {
      throw ValidationError("--timeout is \(timeout); allowed are 1 to 86400 seconds.")
    }
    if receipt != nil, genesis == nil, nodes.cluster.given == nil {
      throw ValidationError("--receipt needs --genesis FILE, or --dir DIR of a cluster, to verify with.")
    }
  }

  /// What to verify with, nil if there is only the node's word.
  private var genesisFile: String? {
    get throws { try genesis ?? nodes.knownCluster()?.genesisFile }
  }

  /// The chain to sign for.
  func chain(_ client: LedgerClient) async throws -> ChainContext {
    if let genesis { return try GenesisFile.read(genesis).chain }
    if let cluster = try nodes.knownCluster() { return cluster.file.chain.context }
    return try await client.chain().context
  }

  /// Builds a transaction of the operations that `body` gives, signs and submits it, and prints what became of it.
  func run(_ body: (LedgerClient, ChainContext) async throws -> [Ledger.Operation]) async throws {
    try await nodes.withClient { client in
      let chain = try await chain(client)
      let operations = try await body(client, chain)
      let draft = try TransactionBuilder(chain: chain).draft(
        operations, validUntil: time.end, nonce: time.nonce)
      try await finish(draft, client)
    }
  }

  /// Adds the signatures of the keys that were given, submits, and prints what became of it.
  func finish(_ draft: TransactionDraft, _ client: LedgerClient) async throws {
    let signers = try keys.signers(suite: draft.chain.suite, cluster: try nodes.knownCluster())
    guard !signers.isEmpty || !draft.signatures.isEmpty else { throw CommandError.noKey }
    let transaction = try TransactionBuilder(chain: draft.chain).sign(draft, signers: signers)
    let result = try await submit(transaction, client)
    if let receipt, result.status == .finalized {
      try await ReceiptGet.fetch(transaction.id, to: receipt, genesis: try genesisFile, client)
    }
    if output.json {
      try Console.printJSON(result)
    } else {
      report(result, transaction)
    }
    if let outcome = result.outcome, !outcome.applied { throw ExitCode(ErrorReport.failure) }
  }

  private func submit(_ transaction: SignedTransaction, _ client: LedgerClient) async throws -> SubmitResult {
    guard wait || receipt != nil else { return try await client.submit(transaction) }
    let limit = Duration.seconds(timeout)
    let begun = ContinuousClock.now
    let result = try await client.submit(transaction, wait: min(limit, .seconds(60)))
    guard result.status == .accepted else { return result }
    let left = max(.milliseconds(1), limit - (.now - begun))
    let status = try await client.waitForFinality(transaction.id, timeout: left)
    guard let height = status.height, let outcome = status.outcome else { return result }
    return SubmitResult(finalized: transaction.id, height: height, outcome: outcome)
  }

  private func report(_ result: SubmitResult, _ transaction: SignedTransaction) {
    let count = transaction.operationCount
    Console.print("transaction \(transaction.id) with \(count) operation\(count == 1 ? "" : "s")")
    switch result.status {
    case .accepted:
      Console.print("  " + Console.styled("accepted", .yellow) + ", not final yet")
      Console.next("roadbed query tx \(transaction.id) --wait")
    case .finalized:
      let place = result.height.map { " in block \($0)" } ?? ""
      Console.print("  \(result.outcome.map(OutcomeText.of) ?? "final"), final\(place)")
      if let receipt {
        Console.print("  receipt verified and written to \(receipt)")
      } else {
        Console.next("roadbed receipt get \(transaction.id) -o receipt.json")
      }
    case .refused:
      Console.print("  " + Console.styled("refused", .red))
    }
  }
}

/// How long a transaction may wait for a block.
struct ValidityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How long the transaction may wait for a block, up to 86400.", valueName: "seconds"))
  var validFor: UInt64 = 600

  @Option(help: ArgumentHelp("Makes equal transactions differ. Without it: random.", valueName: "number"))
  var nonce: UInt64?

  func validate() throws {
    guard (1...86_400).contains(validFor) else {
      throw ValidationError("--valid-for is \(validFor); allowed are 1 to 86400 seconds.")
    }
  }

  var end: Timestamp { SystemClock.now.advanced(byMilliseconds: validFor * 1000) }
}

extension CommandError {
  static let noKey = CommandError(
    code: "command.no-key", explanation: "the transaction has no signature and no key was given",
    nextStep: "add --key MEMBER=PATH")
}
