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
    var acknowledged = 0
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

  func note(_ result: SubmitResult, of id: Digest, from node: String) {
    pages.withLock { pages in
      guard var sent = pages.sent[id] else { return }
      if let new = Sent.Final(result) {
        if let known = sent.final {
          if known != new {
            pages.contradictions.append("\(node) reported \(new) for \(id), which was reported before as \(known)")
          }
        } else {
          pages.acknowledged += 1
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

  var acknowledged: Int { pages.withLock(\.acknowledged) }
  var resubmitted: Int { pages.withLock(\.resubmitted) }
  var contradictions: [String] { pages.withLock(\.contradictions) }
  var latencyCount: Int { pages.withLock(\.latencies.count) }
  var all: [Digest: Sent] { pages.withLock(\.sent) }

  func latencies(from start: Int) -> [Double] { pages.withLock { Array($0.latencies[start...]) } }

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
