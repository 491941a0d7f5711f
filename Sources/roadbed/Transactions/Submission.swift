import ArgumentParser
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// One signed transaction on its way to the chain: its bytes are kept before it is sent, so that whatever happens the
/// same transaction can be sent again, and the user is told what became of it.
struct Submission {
  private let options: SubmissionOptions
  private let transaction: SignedTransaction
  private let kept: KeptTransaction?
  private let isCopyNeeded: Bool
  /// Whether the same command would send the same transaction again.
  private let isRepeatable: Bool

  /// - Parameters:
  ///   - file: the file that holds the signed bytes already; nil if a copy is to be made.
  ///   - isRepeatable: whether the command, given again, would send the same transaction.
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

  /// Submits, waits if that was asked for, and reports.
  func run(_ client: LedgerClient) async throws {
    let result = try await submit(client)
    if result.status == .finalized { kept?.remove() }
    let text = "transaction \(transaction.id) was submitted: \(plain(result))"
    Console.noteDone(text, next: options.nodes.command("query tx \(transaction.id)"))
    // First of all: what follows may fail, and this is what must not be lost.
    try report(result)
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
      throw failure(error)
    }
  }

  /// Ctrl-C must not leave the user without a word on a transaction that may be applied.
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

  // MARK: What became of it

  private struct Answer: Encodable {
    var result: SubmitResult
    /// The file of the signed bytes, if the transaction is not final.
    var kept: String?

    private enum CodingKeys: String, CodingKey { case kept }

    func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(kept, forKey: .kept)
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

  private func report(_ result: SubmitResult) throws {
    let isFinal = result.status == .finalized
    if options.output.json {
      return try Console.printJSON(Answer(result: result, kept: isFinal ? nil : kept?.path))
    }
    let count = transaction.operationCount
    say("transaction \(transaction.id) with \(count) operation\(count == 1 ? "" : "s")")
    guard isFinal else {
      say("  " + Console.styled("accepted", .yellow) + ", not final yet")
      if let kept { say("  its signed bytes are in \(kept.path) until it is final") }
      return Console.next(options.nodes.command("query tx \(transaction.id) --wait"))
    }
    say("  \(result.outcome.map(OutcomeText.of) ?? "final"), final\(result.height.map { " in block \($0)" } ?? "")")
    guard options.receipt == nil else { return }
    Console.next("roadbed receipt get \(transaction.id) -o receipt.json")
  }

  // MARK: What went wrong

  /// The error for the user: whether the transaction may still be applied, until when, and how to go on without making
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
      // Not taken, but it may be a moment later: what is advised needs the bytes.
      return CommandError(
        code: error.code, explanation: error.explanation + (kept.map { ". Its signed bytes are in \($0.path)" } ?? ""),
        nextStep: next)
    case .expired:
      kept?.remove()
      return CommandError(
        code: error.code, explanation: error.explanation,
        nextStep: isRepeatable
          ? "it changed nothing; if it is still wanted, build and sign it again with a later end"
          : "it changed nothing; if it is still wanted, run the command again, which makes a new transaction")
    default:
      // No node took it. What was only kept for this attempt is of no use any more.
      if isCopyNeeded { kept?.remove() }
      return error
    }
  }

  /// The command that goes on with this transaction, and why not to give the first one again.
  private var next: String {
    let warning =
      isRepeatable
      ? "however often it is sent, it is applied at most once"
      : "this sends the same transaction, which is applied at most once; the command that you gave would make a second one"
    guard let kept else {
      return options.nodes.command("query tx \(transaction.id) --wait")
        + "\n    (the command that you gave would make a second transaction)"
    }
    var command = "tx submit \(Paths.quoted(kept.path)) --wait"
    if let genesis = options.genesis { command += " --genesis \(Paths.quoted(genesis))" }
    if let receipt = options.receipt { command += " --receipt \(Paths.quoted(receipt))" }
    return options.nodes.command(command) + "\n    (\(warning))"
  }
}

extension CommandError {
  /// What was asked for is done, but for the receipt: whoever sees only this must not do it again.
  static func receiptMissing(_ fault: ErrorDetail, _ done: String, next: String) -> CommandError {
    CommandError(
      code: fault.code, explanation: "\(done); but its receipt is missing: \(fault.message)",
      nextStep: "\(next)\n    (the command that you gave need not be repeated, and might make a second transaction)")
  }
}
