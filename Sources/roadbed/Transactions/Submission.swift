import ArgumentParser
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Submits one signed transaction. Its bytes are kept before it is sent, so that the same transaction can be sent again
/// no matter what happens, and the user learns its outcome.
struct Submission {
  private let options: SubmissionOptions
  private let transaction: SignedTransaction
  private let kept: KeptTransaction?
  private let isCopyNeeded: Bool
  /// Whether the same command would send the same transaction again.
  private let isRepeatable: Bool

  /// - Parameters:
  ///   - file: the file that already holds the signed bytes; nil to make a copy.
  ///   - isRepeatable: whether repeating the command would send the same transaction.
  init(
    _ transaction: SignedTransaction, _ options: SubmissionOptions, readFrom file: String? = nil, isRepeatable: Bool
  ) throws {
    self.transaction = transaction
    self.options = options
    self.isRepeatable = isRepeatable
    if let receipt = options.receipt { try TextFile.checkWritable(receipt) }
    if let file {
      kept = KeptTransaction(transaction.id, readFrom: file)
    } else {
      let directory = options.keep.directory(cluster: options.nodes.cluster.given)
      kept = directory.map { KeptTransaction(transaction.id, in: $0) }
    }
    isCopyNeeded = file == nil
  }

  /// What followed from a transaction that was applied.
  struct Sequel {
    /// The epoch that it began.
    var epoch: UInt64
    /// What is true now, for people.
    var text: String
  }

  /// Submits, waits if requested, and reports.
  /// - Parameter follow: waits for what follows from the transaction if it was applied in the block of this height.
  func run(_ client: LedgerClient, follow given: ((Height) async throws -> Sequel)? = nil) async throws {
    let follow = given ?? opening(client)
    let result = try await submit(client)
    if result.status == .finalized { kept?.remove() }
    let text = "transaction \(transaction.id) was submitted: \(plain(result))"
    Console.noteDone(text, next: options.nodes.command("query tx \(transaction.id)"))
    let sequel: Sequel?
    do {
      if let height = result.height, result.outcome?.applied == true, let follow {
        // For a user who loses patience: the rest is only a wait.
        if !options.output.json { Console.remark("\(text); waiting for what follows from it") }
        sequel = try await follow(height)
      } else {
        sequel = nil
      }
    } catch {
      throw CommandError.sequelMissing(ErrorReport.detail(of: error), text)
    }
    let operations = await rendered(upTo: result.outcome?.operation, client)
    // The report must not be lost, so it comes before the receipt, which may fail.
    try report(result, sequel, operations)
    if let receipt = options.receipt, result.status == .finalized {
      do {
        try await ReceiptGet.fetch(transaction.id, to: receipt, genesis: try options.genesisFile, client)
      } catch {
        throw CommandError.receiptMissing(
          ErrorReport.detail(of: error), text,
          next: options.nodes.command("receipt get \(transaction.id) -o \(Paths.quoted(receipt))"))
      }
      if !options.output.json { say("  receipt verified\(isReceiptOutput ? "" : " and written to \(receipt)")") }
    }
    if let outcome = result.outcome, !outcome.applied { throw ExitCode(ErrorReport.failure) }
  }

  /// Waits for the epoch that a change of validators begins, however it was prepared; nil if the transaction has none, or the
  /// user does not wait.
  private func opening(_ client: LedgerClient) -> ((Height) async throws -> Sequel)? {
    guard options.waitingTime != nil, transaction.operations.contains(where: \.changesValidators) else { return nil }
    return { height in
      let epoch = try await EpochOpening(height, options).wait(client)
      return Sequel(epoch: epoch, text: "epoch \(epoch) is open: whoever votes no more may be switched off")
    }
  }

  private func submit(_ client: LedgerClient) async throws -> SubmitResult {
    let watch = interruptions()
    defer { watch.forEach { $0.cancel() } }
    if isCopyNeeded { try kept?.write(transaction) }
    do throws(ClientError) {
      if let time = options.waitingTime {
        return try await client.submitAndWait(transaction, timeout: time)
      }
      return try await client.submit(transaction)
    } catch {
      throw failure(await named(error, client))
    }
  }

  /// The refusal of a transaction of one operation, with what that is.
  private func named(_ error: ClientError, _ client: LedgerClient) async -> ClientError {
    guard case .refused(let node, let status, var detail) = error, status != 429, status != 503,
      transaction.operationCount == 1, let operation = await rendered(upTo: 0, client).first
    else { return error }
    detail.message += " (\(operation.line))"
    return .refused(node: node, status: status, detail)
  }

  /// The operations up to the one at `index`, with the decimals of the asset that this one moves.
  private func rendered(upTo index: Int?, _ client: LedgerClient) async -> [RenderedOperation] {
    guard let index, index < transaction.operationCount else { return [] }
    let operations = Array(transaction.operations.prefix(index + 1))
    let asset = operations.last?.touched.movedAsset
    // Without the decimals, the text gives the amount in smallest units.
    let decimals = (try? await client.decimals(of: asset.map { [$0] } ?? [])) ?? [:]
    return RenderedOperation.list(operations) { decimals[$0] }
  }

  /// Ctrl-C must not leave the user uninformed about a transaction that may be applied.
  private func interruptions() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        ErrorReport.print(failure(.cancelled))
        Foundation.exit(128 + number)
      }
      source.setCancelHandler { signal(number, SIG_DFL) }
      source.resume()
      return source
    }
  }

  // MARK: Result

  private struct Answer: Encodable {
    var result: SubmitResult
    /// The file with the signed bytes, if the transaction is not final.
    var kept: String?
    /// The epoch that the transaction began, if the command waited for it.
    var epoch: UInt64?

    private enum CodingKeys: String, CodingKey { case kept, epoch }

    func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(kept, forKey: .kept)
      try container.encodeIfPresent(epoch, forKey: .epoch)
    }
  }

  /// Whether standard output is for the receipt alone.
  private var isReceiptOutput: Bool {
    guard let receipt = options.receipt else { return false }
    return (try? FileTarget(receipt)) == .standardOutput
  }

  private func say(_ line: String) {
    if isReceiptOutput { Console.remark(line) } else { Console.print(line) }
  }

  private func plain(_ result: SubmitResult) -> String {
    guard result.status == .finalized else { return "accepted, not final yet" }
    let outcome = result.outcome.map { $0.applied ? "applied" : "failed [\($0.code)]" } ?? "final"
    return "\(outcome), final\(result.height.map { " in block \($0)" } ?? "")"
  }

  private func report(_ result: SubmitResult, _ sequel: Sequel?, _ operations: [RenderedOperation]) throws {
    let isFinal = result.status == .finalized
    if options.output.json {
      return try Console.printJSON(Answer(result: result, kept: isFinal ? nil : kept?.path, epoch: sequel?.epoch))
    }
    let count = transaction.operationCount
    say("transaction \(transaction.id) with \(count) operation\(count == 1 ? "" : "s")")
    guard isFinal else {
      say("  " + Console.styled("accepted", .yellow) + ", not final yet")
      if let kept { say("  its signed bytes are in \(kept.path) until it is final") }
      return Console.next(options.nodes.command("query tx \(transaction.id) --wait"))
    }
    let outcome = result.outcome.map { OutcomeText.of($0, operations) } ?? "final"
    say("  \(outcome), final\(result.height.map { " in block \($0)" } ?? "")")
    if let sequel { say("  " + sequel.text) }
    guard options.receipt == nil else { return }
    Console.next("roadbed receipt get \(transaction.id) -o receipt.json")
  }

  // MARK: Failure

  /// The error for the user: whether the transaction may still be applied, until when, and how to resume without making
  /// another one.
  private func failure(_ error: ClientError) -> any Error {
    switch error {
    case .notFinal, .outcomeUnknown, .cancelled:
      let text =
        error == .cancelled
        ? "interrupted; transaction \(transaction.id) may have been submitted, and may be applied in a block up to "
          + transaction.validUntil.iso8601 : error.explanation
      return CommandError(
        code: error.code, explanation: text + (kept.map { ". Its signed bytes are in \($0.path)" } ?? ""),
        nextStep: next)
    case .busy, .refused(_, 429, _), .refused(_, 503, _):
      // A node may accept it a moment later, so the next step needs the bytes.
      return CommandError(
        code: error.code, explanation: error.explanation + (kept.map { ". Its signed bytes are in \($0.path)" } ?? ""),
        nextStep: next)
    case .expired:
      kept?.remove()
      return CommandError(
        code: error.code, explanation: error.explanation,
        nextStep: isRepeatable
          ? "it changed nothing; if you still want it, build and sign it again with a later end"
          : "it changed nothing; if you still want it, run the command again, which makes a new transaction")
    default:
      // No node accepted it. A copy that was made only for this attempt is no longer needed.
      if isCopyNeeded { kept?.remove() }
      return error
    }
  }

  /// The command that resumes this transaction, and why not to repeat the original command.
  private var next: String {
    let warning =
      isRepeatable
      ? "it is applied at most once, however often you send it"
      : "this sends the same transaction, which is applied at most once; repeating your command would make a second one"
    guard let kept else {
      return options.nodes.command("query tx \(transaction.id) --wait")
        + "\n    (repeating your command would make a second transaction)"
    }
    var command = "tx submit \(Paths.quoted(kept.path)) --wait"
    if let genesis = options.genesis { command += " --genesis \(Paths.quoted(genesis))" }
    if let receipt = options.receipt { command += " --receipt \(Paths.quoted(receipt))" }
    return options.nodes.command(command) + "\n    (\(warning))"
  }
}

extension CommandError {
  /// The transaction is done, but what was to follow from it did not, or not yet.
  static func sequelMissing(_ fault: ErrorDetail, _ done: String) -> CommandError {
    CommandError(
      code: fault.code, explanation: "\(done); but \(fault.message)",
      nextStep: "\(fault.nextStep)\n    (do not repeat your command: the change was made)")
  }

  /// The transaction is done, but its receipt is missing: a user who sees only this must not repeat the command.
  static func receiptMissing(_ fault: ErrorDetail, _ done: String, next: String) -> CommandError {
    CommandError(
      code: fault.code, explanation: "\(done); but its receipt is missing: \(fault.message)",
      nextStep: "\(next)\n    (do not repeat your command: it might make a second transaction)")
  }
}

extension Ledger.Operation {
  fileprivate var changesValidators: Bool {
    switch self {
    case .validatorAdd, .validatorRemove, .validatorUpdate: true
    default: false
    }
  }
}
