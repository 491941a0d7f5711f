internal import Cryptography
public import Ledger
public import LedgerJSON
public import Primitives

extension LedgerClient {
  /// The maximum number of transactions in one request, and of bytes including length prefixes. More transactions are
  /// sent in several requests.
  static let requestTransactions = 512
  static let requestBytes = Limits.requestBodyBytes
  /// The longest time that the client asks a node to wait before it answers.
  static let longestWait: Duration = .seconds(30)

  /// Submits the canonical bytes of one signed transaction. Submitting the same bytes again is safe, even after an
  /// error: they are applied at most once, and a node that knows the transaction answers with its status.
  ///
  /// With `wait`, at most 60 seconds, the node answers when the transaction is final or the time is up.
  public func submit(
    _ bytes: [UInt8], wait: Duration? = nil
  ) async throws(ClientError)
    -> SubmitResult
  {
    try await send(LedgerClient.submission(bytes, wait)).value()
  }

  private static func submission(_ bytes: [UInt8], _ wait: Duration?) -> Call {
    var call = Call("transactions", waiting(wait))
    call.method = .post
    call.contentType = MediaType.bytes
    call.body = bytes
    call.wait = wait ?? .zero
    return call
  }

  /// Submits one signed transaction. Returns the outcome even if a node says only that the transaction was already
  /// applied, perhaps through an attempt whose answer was lost, or that its `validUntil` is past.
  ///
  /// The node does not wait beyond the transaction's `validUntil`. Throws `outcomeUnknown` if the transaction may have
  /// reached a node that did not answer; all other errors except `expired` and `cancelled` mean that no node accepted
  /// it.
  public func submit(
    _ transaction: SignedTransaction, wait: Duration? = nil
  ) async throws(ClientError) -> SubmitResult {
    let pending = PendingTransaction(transaction)
    let wait = wait.map { min($0, pending.timeLeft ?? $0) }
    var faults: [NodeFault] = []
    let result: SubmitResult
    do throws(ClientError) {
      result = try await send(LedgerClient.submission(transaction.bytes, wait), &faults).value()
    } catch {
      guard case .refused(_, _, let detail) = error else { throw error.submitting(pending, faults) }
      switch detail.code {
      case AdmissionFault.alreadyApplied(transaction.id).code:
        let status = try await self.transaction(transaction.id)
        return SubmitResult(status) ?? SubmitResult(accepted: transaction.id)
      case AdmissionFault.expired(validUntil: transaction.validUntil, time: transaction.validUntil).code:
        let status = try await settle(pending, waited: .zero)
        return SubmitResult(status) ?? SubmitResult(accepted: transaction.id)
      default: throw error.submitting(pending, faults)
      }
    }
    guard result.id == transaction.id else {
      throw .unexpectedAnswer(
        node: nodes.joined(separator: ", "), status: 200,
        reason: "it names a transaction other than \(transaction.id)")
    }
    return result
  }

  /// Submits one signed transaction and waits until it is final, for at most `timeout` and not beyond its `validUntil`.
  ///
  /// Throws `notFinal`, `expired` or `outcomeUnknown` with the transaction's bytes; all other errors except `cancelled` mean
  /// that no node accepted it.
  public func submitAndWait(
    _ transaction: SignedTransaction, timeout: Duration = .seconds(60)
  ) async throws(ClientError) -> SubmitResult {
    let begun = ContinuousClock.now
    let result = try await submit(transaction, wait: min(timeout, LedgerClient.longestWait))
    guard result.status == .accepted else { return result }
    let pending = PendingTransaction(transaction)
    do throws(ClientError) {
      let status = try await waitForFinality(pending, timeout: timeout, since: begun)
      return SubmitResult(status) ?? result
    } catch .unreachable(let faults) {
      throw .outcomeUnknown(pending, faults, refusal: nil)
    } catch .busy(_, _, let detail) {
      throw .outcomeUnknown(pending, [], refusal: detail)
    } catch .refused(_, _, let detail) {
      throw .outcomeUnknown(pending, [], refusal: detail)
    }
  }

  /// Submits many signed transactions in as few requests as possible. The results are in the same order. A refused
  /// transaction does not prevent the others from being accepted. Transactions that a busy node puts off are sent again
  /// a limited number of times and then count as refused.
  ///
  /// With `wait`, at most 60 seconds, the node answers each request when all its transactions are final or the time is
  /// up.
  public func submit(
    many transactions: [[UInt8]], wait: Duration? = nil
  ) async throws(ClientError) -> [SubmitResult] {
    if let large = transactions.first(where: { $0.count + 4 > LedgerClient.requestBytes }) {
      throw .tooLarge(bytes: large.count, limit: LedgerClient.requestBytes - 4)
    }
    var results: [SubmitResult?] = Array(repeating: nil, count: transactions.count)
    var left = Array(transactions.indices)
    var attempt = 0
    while !left.isEmpty {
      attempt += 1
      var putOff: [Int] = []
      var asked: Duration?
      for range in LedgerClient.chunks(left.map { transactions[$0].count }) {
        let chunk = left[range]
        for (index, result) in zip(chunk, try await submit(chunk: chunk.map { transactions[$0] }, wait)) {
          results[index] = result
          guard let time = result.error?.retryAfterMilliseconds else { continue }
          putOff.append(index)
          asked = max(asked ?? .zero, .milliseconds(Int64(clamping: time)))
        }
      }
      left = putOff
      guard !left.isEmpty,
        let time = configuration.retries.pause(
          after: attempt, asked: asked, spread: .random(in: 0...1))
      else { break }
      try await pause(time)
    }
    return results.compactMap(\.self)
  }

  private func submit(chunk: [[UInt8]], _ wait: Duration?) async throws(ClientError) -> [SubmitResult] {
    var writer = Writer(capacity: chunk.reduce(0) { $0 + $1.count + 4 })
    for bytes in chunk { writer.longBytes(bytes) }
    var call = Call("transactions", [("many", "true")] + LedgerClient.waiting(wait))
    call.method = .post
    call.contentType = MediaType.bytes
    call.accept = MediaType.results
    call.body = writer.bytes
    call.wait = wait ?? .zero
    let answer = try await send(call)
    let results = try LedgerClient.results(answer)
    guard results.count == chunk.count else {
      throw answer.unexpected("\(results.count) results for \(chunk.count) transactions")
    }
    return results
  }

  /// Decodes the results in an answer: binary, or JSON from older nodes that do not write the binary form.
  private static func results(_ answer: Answer) throws(ClientError) -> [SubmitResult] {
    let body = try answer.body()
    guard answer.response.contentType.map(MediaType.named) == MediaType.results else {
      let results: SubmitResults = try answer.decode(body)
      return results.results
    }
    do throws(CodecError) {
      return try SubmitAnswer.decode(body, limit: requestTransactions).map { SubmitResult($0) }
    } catch {
      throw answer.unexpected(error.explanation)
    }
  }

  /// Divides transactions of these sizes into consecutive ranges that each fit into one request.
  package static func chunks(_ sizes: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var bytes = 0
    for (index, size) in sizes.enumerated() {
      if index > start, index - start == requestTransactions || bytes + size + 4 > requestBytes {
        ranges.append(start..<index)
        start = index
        bytes = 0
      }
      bytes += size + 4
    }
    if start < sizes.count { ranges.append(start..<sizes.count) }
    return ranges
  }

  /// The query items that ask a node to wait. Nodes accept 1 to 60,000 ms.
  static func waiting(_ wait: Duration?) -> [(name: String, value: String?)] {
    guard let wait, wait >= .milliseconds(1) else { return [] }
    return [("wait", "finalized"), ("timeout", "\(min(wait.wholeMilliseconds, 60_000))")]
  }

  // MARK: Waiting

  /// The status of a transaction at a node. Throws a refusal with `isNotFound` if the node does not know it.
  public func transaction(_ id: Digest) async throws(ClientError) -> TransactionStatus {
    try await send(Call("transactions/\(id)")).value()
  }

  /// Waits until a transaction is final and returns its outcome, applied or not.
  ///
  /// Keeps waiting through nodes that restart or do not know the transaction yet; after `timeout` it throws the last
  /// reason, or `notFinal`. Does not wait beyond the transaction's `validUntil` if a node reports it.
  public func waitForFinality(
    _ id: Digest, timeout: Duration = .seconds(60)
  ) async throws(ClientError) -> TransactionStatus {
    try await waitForFinality(PendingTransaction(id: id), timeout: timeout)
  }

  /// Waits until a transaction is final; errors carry everything known about it.
  public func waitForFinality(
    _ transaction: PendingTransaction, timeout: Duration = .seconds(60)
  ) async throws(ClientError) -> TransactionStatus {
    try await waitForFinality(transaction, timeout: timeout, since: .now)
  }

  private func waitForFinality(
    _ transaction: PendingTransaction, timeout: Duration, since start: ContinuousClock.Instant
  ) async throws(ClientError) -> TransactionStatus {
    var transaction = transaction
    while true {
      let left = timeout - (.now - start)
      let wait = min(max(min(left, transaction.timeLeft ?? left), .zero), LedgerClient.longestWait)
      var call = Call("transactions/\(transaction.id)", LedgerClient.waiting(wait))
      call.wait = wait
      var last: ClientError
      do throws(ClientError) {
        let status: TransactionStatus = try await send(call).value()
        if status.status == .finalized { return status }
        transaction.validUntil = status.validUntil
        last = .notFinal(transaction, waited: timeout)
      } catch {
        guard error.mayPass else { throw error }
        last = error.isNotFound ? .notFinal(transaction, waited: timeout) : error
      }
      if transaction.timeLeft == .zero { return try await settle(transaction, waited: .now - start) }
      guard .now - start < timeout else { throw last }
      try await pause(min(.milliseconds(100), max(.milliseconds(1), timeout - (.now - start))))
    }
  }

  /// Finds out what became of a transaction whose `validUntil` is past: returns its status if it is final, and throws `expired`
  /// if it can no longer become final, or `notFinal` if that is not certain yet.
  private func settle(
    _ transaction: PendingTransaction, waited: Duration
  ) async throws(ClientError) -> TransactionStatus {
    var certain: String?
    do throws(ClientError) {
      // Asks for the block time first, so that the node's later answer about the transaction is not older.
      let answer = try await send(Call("status"))
      let status: NodeStatus = try answer.value()
      if let end = transaction.validUntil, status.blockTime > end { certain = answer.node }
      let found = try await self.transaction(transaction.id)
      if found.status == .finalized { return found }
    } catch {
      guard error.mayPass else { throw error }
      // Only a node that can look up the whole chain answers `unknown`; any other answer proves nothing.
      guard case .refused(let node, 404, let detail) = error, node == certain, detail.code == "transaction.unknown"
      else {
        throw .notFinal(transaction, waited: waited)
      }
    }
    guard let certain else { throw .notFinal(transaction, waited: waited) }
    throw .expired(transaction, node: certain)
  }
}

extension SubmitResult {
  /// Nil unless the transaction is final.
  fileprivate init?(_ status: TransactionStatus) {
    guard let height = status.height, let outcome = status.outcome else { return nil }
    self.init(finalized: status.id, height: height, outcome: outcome)
  }
}

extension ClientError {
  /// Whether waiting may help.
  fileprivate var mayPass: Bool {
    switch self {
    case .unreachable, .busy: true
    case .refused(_, let status, _): status == 404 || status == 503
    default: false
    }
  }

  /// Turns this error into one about submitting `transaction`, after nodes failed to answer with `faults`. The most
  /// important fact is whether the transaction may have been accepted.
  fileprivate func submitting(_ transaction: PendingTransaction, _ faults: [NodeFault]) -> ClientError {
    let arrived = faults.filter(\.fault.mayHaveArrived)
    switch self {
    case .unreachable where !arrived.isEmpty: return .outcomeUnknown(transaction, faults, refusal: nil)
    // The node, or a proxy in front of it, failed after it received the request.
    case .refused(_, let status, let detail) where [500, 502, 504].contains(status) || !arrived.isEmpty:
      return .outcomeUnknown(transaction, arrived, refusal: detail)
    case .busy(_, _, let detail) where !arrived.isEmpty:
      return .outcomeUnknown(transaction, arrived, refusal: detail)
    case .unexpectedAnswer(let node, let status, let reason) where status >= 500 || status < 300 || !arrived.isEmpty:
      return .outcomeUnknown(
        transaction, arrived + [NodeFault(node: node, fault: .broken(reason: "HTTP \(status): \(reason)"))],
        refusal: nil)
    default: return self
    }
  }
}

extension Duration {
  /// Milliseconds, rounded down.
  var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
