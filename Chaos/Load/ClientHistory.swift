import Ledger
import LedgerJSON
import Primitives
import Synchronization

/// Everything that the clients sent and received. A transaction that a node reported as final stays recorded as such,
/// and an answer that contradicts an earlier one is recorded when it arrives.
final class ClientHistory: Sendable {
  private struct Pages {
    var sent: [Digest: Sent] = [:]
    /// The ids in the order in which the transactions were sent, for random choice.
    var ids: [Digest] = []
    /// When transactions were first reported as final, each once.
    var acknowledged: [ContinuousClock.Instant] = []
    var resubmitted = 0
    var contradictions: [String] = []
    /// Seconds from submission to the answer, for transactions that were answered at the first attempt.
    var latencies: [Double] = []
  }

  private let pages = Mutex(Pages())

  func note(sending transaction: SignedTransaction, _ effect: Sent.Effect) {
    pages.withLock { pages in
      pages.sent[transaction.id] = Sent(transaction: transaction, effect: effect)
      pages.ids.append(transaction.id)
    }
  }

  func note(
    _ result: SubmitResult, of id: Digest, from node: String, at now: ContinuousClock.Instant = .now
  ) {
    pages.withLock { pages in
      guard var sent = pages.sent[id] else { return }
      if let new = Sent.Final(result) {
        if let known = sent.final {
          if known != new {
            pages.contradictions.append("\(node) reported \(new) for \(id), which was reported before as \(known)")
          }
        } else {
          pages.acknowledged.append(now)
        }
        sent.answer = .final(new)
      } else if sent.final == nil {
        sent.answer = .accepted
      }
      pages.sent[id] = sent
    }
  }

  func note(refusal code: String, of id: Digest) {
    pages.withLock { pages in
      guard let sent = pages.sent[id], case .none = sent.answer else { return }
      pages.sent[id]?.answer = .refused(code: code)
    }
  }

  func note(latency seconds: Double) { pages.withLock { $0.latencies.append(seconds) } }

  func noteResubmission() { pages.withLock { $0.resubmitted += 1 } }

  // MARK: Reading

  var acknowledged: Int { pages.withLock(\.acknowledged.count) }
  var resubmitted: Int { pages.withLock(\.resubmitted) }
  var contradictions: [String] { pages.withLock(\.contradictions) }
  var latencyCount: Int { pages.withLock(\.latencies.count) }
  var all: [Digest: Sent] { pages.withLock(\.sent) }

  func latencies(from start: Int) -> [Double] { pages.withLock { Array($0.latencies[start...]) } }

  /// The longest part of a span in which no transaction was reported as final for the first time.
  func longestSilence(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Duration {
    let times = pages.withLock { pages in
      [start] + pages.acknowledged.filter { $0 > start && $0 < end }.sorted() + [end]
    }
    return zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .zero
  }

  /// A random transaction that was already sent.
  func any(using random: inout SeededGenerator) -> SignedTransaction? {
    let number = random.next()
    return pages.withLock { pages in
      guard !pages.ids.isEmpty else { return nil }
      return pages.sent[pages.ids[Int(number % UInt64(pages.ids.count))]]?.transaction
    }
  }

  /// Up to `count` random transactions that were reported as final.
  func promised(_ count: Int, using random: inout SeededGenerator) -> [(id: Digest, final: Sent.Final)] {
    let numbers = (0..<count * 2).map { _ in random.next() }
    return pages.withLock { pages in
      guard !pages.ids.isEmpty else { return [] }
      var found: [(id: Digest, final: Sent.Final)] = []
      for number in numbers where found.count < count {
        let id = pages.ids[Int(number % UInt64(pages.ids.count))]
        if let final = pages.sent[id]?.final { found.append((id, final)) }
      }
      return found
    }
  }
}
