import ArgumentParser
import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// The options of every command that builds, signs and submits a transaction.
struct SubmissionOptions: ParsableArguments {
  @OptionGroup var nodes: NodeOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var time: ValidityOptions

  @Option(
    help: ArgumentHelp(
      "The chain's genesis file: sign for this chain only. Default: that of the cluster in --dir, or else the node's.",
      valueName: "file"))
  var genesis: String?

  @Flag(help: "Wait until the transaction is final. The exit status is 1 if it does not become final, or failed.")
  var wait = false

  @Option(
    help: ArgumentHelp(
      "Wait at most this long, and no longer than the transaction is valid. With --wait alone: \(WaitingTime.usual).",
      valueName: "seconds"))
  var timeout: Int?

  @Option(
    help: ArgumentHelp(
      "Wait, fetch the receipt, verify it and write it to this file; - is standard output. Needs --genesis, or --dir of "
        + "a cluster.",
      valueName: "file"))
  var receipt: String?

  @OptionGroup var keep: KeepOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let timeout { try WaitingTime.check(timeout) }
    guard let receipt else { return }
    if genesis == nil, nodes.cluster.given == nil {
      throw ValidationError("--receipt needs --genesis FILE, or --dir DIR of a cluster, to verify the receipt.")
    }
    if output.json, (try? FileTarget(receipt)) == .standardOutput {
      throw ValidationError("--receipt \(receipt) and --json both write to standard output: use only one.")
    }
  }

  /// How long to wait until the transaction is final, or nil if the user did not ask to wait.
  var waitingTime: Duration? {
    wait || receipt != nil || timeout != nil ? .seconds(timeout ?? WaitingTime.usual) : nil
  }

  /// The genesis file to verify with, or nil if the node's answers must be trusted.
  var genesisFile: String? {
    get throws { try genesis ?? nodes.knownCluster()?.genesisFile }
  }

  /// The chain to sign for.
  func chain(_ client: LedgerClient) async throws -> ChainContext {
    if let genesis { return try GenesisFile.read(genesis).chain }
    if let cluster = try nodes.knownCluster() { return cluster.file.chain.context }
    return try await client.chain().context
  }

  /// Builds a transaction from the operations that `body` returns, signs and submits it, and prints its outcome.
  func run(_ body: (LedgerClient, ChainContext) async throws -> [Ledger.Operation]) async throws {
    try await nodes.withClient { client in
      let chain = try await chain(client)
      let operations = try await body(client, chain)
      let draft = try TransactionBuilder(chain: chain).draft(
        operations, validUntil: time.end, nonce: time.nonce)
      try await Submission(try sign(draft), self, isRepeatable: false).run(client)
    }
  }

  /// Signs the draft with the given keys.
  func sign(_ draft: TransactionDraft) throws -> SignedTransaction {
    let signers = try keys.signers(suite: draft.chain.suite, cluster: try nodes.knownCluster())
    guard !signers.isEmpty || !draft.signatures.isEmpty else { throw CommandError.noKey }
    return try TransactionBuilder(chain: draft.chain).sign(draft, signers: signers)
  }
}

extension CommandError {
  static let noKey = CommandError(
    code: "command.no-key", explanation: "the transaction has no signature and no key was given",
    nextStep: "add --key MEMBER=PATH")
}
