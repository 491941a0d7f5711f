internal import Foundation
package import Ledger
package import Primitives
internal import Replica
internal import Synchronization

/// Where a transaction ended up.
package struct FinalizedTransaction: Hashable, Sendable {
  package var id: Digest
  package var height: Height
  /// Its place in the block.
  package var index: Int
  package var outcome: TransactionOutcome

  package init(id: Digest, height: Height, index: Int, outcome: TransactionOutcome) {
    self.id = id
    self.height = height
    self.index = index
    self.outcome = outcome
  }
}

/// Answers those who wait for a transaction to become final, and remembers the newest outcomes until the query
/// index has surely caught up.
final class FinalityBoard: Sendable {
  private struct Waiter {
    var number: UInt64
    var resume: CheckedContinuation<FinalizedTransaction?, Never>
  }

  private struct State {
    var waiters: [Digest: [Waiter]] = [:]
    var count = 0
    var last: UInt64 = 0
    var recent: [Digest: FinalizedTransaction] = [:]
    /// Ids in `recent`, oldest first, as a ring.
    var order: [Digest] = []
    var oldest = 0
    var isClosed = false
  }

  /// Outcomes remembered, and waiters at most.
  private static let recentLimit = 65_536
  static let waiterLimit = 100_000

  private let state = Mutex(State())

  /// Whether nobody waits here any more.
  var isClosed: Bool { state.withLock(\.isClosed) }

  func recent(_ id: Digest) -> FinalizedTransaction? { state.withLock { $0.recent[id] } }

  /// Waits until `id` is final, at most `milliseconds`; nil if it is not by then, or if too many wait already.
  func wait(for id: Digest, milliseconds: UInt64) async -> FinalizedTransaction? {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    let deadline = ContinuousClock.now + .milliseconds(Int64(milliseconds))
    let timer = Task { [weak self] in
      try? await Task.sleep(until: deadline)
      self?.giveUp(id, number)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: FinalizedTransaction?? = state.withLock { state in
          if let known = state.recent[id] { return .some(known) }
          // Past the deadline the timer has looked for this waiter already.
          guard !state.isClosed, state.count < Self.waiterLimit, .now < deadline else { return .some(nil) }
          state.waiters[id, default: []].append(Waiter(number: number, resume: continuation))
          state.count += 1
          return nil
        }
        if let known { continuation.resume(returning: known) }
        if Task.isCancelled { giveUp(id, number) }
      }
    } onCancel: {
      giveUp(id, number)
    }
  }

  private func giveUp(_ id: Digest, _ number: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      guard let place = state.waiters[id]?.firstIndex(where: { $0.number == number }) else { return nil }
      state.count -= 1
      let waiter = state.waiters[id]?.remove(at: place)
      if state.waiters[id]?.isEmpty == true { state.waiters[id] = nil }
      return waiter
    }
    waiter?.resume.resume(returning: nil)
  }

  /// These will never be final: ends the waits for them.
  func abandon(_ ids: [Digest]) {
    let waiters = state.withLock { state in
      let ended = ids.flatMap { state.waiters.removeValue(forKey: $0) ?? [] }
      state.count -= ended.count
      return ended
    }
    for waiter in waiters { waiter.resume.resume(returning: nil) }
  }

  /// A block is final and can be read back.
  func publish(_ commit: Commit) {
    var resumed: [(Waiter, FinalizedTransaction)] = []
    state.withLock { state in
      for (index, layout) in commit.block.layouts.enumerated() {
        let transaction = FinalizedTransaction(
          id: layout.id, height: commit.height, index: index, outcome: commit.verdict.outcomes[index])
        remember(transaction, &state)
        guard let waiters = state.waiters.removeValue(forKey: layout.id) else { continue }
        state.count -= waiters.count
        for waiter in waiters { resumed.append((waiter, transaction)) }
      }
    }
    for (waiter, transaction) in resumed { waiter.resume.resume(returning: transaction) }
  }

  private func remember(_ transaction: FinalizedTransaction, _ state: inout State) {
    state.recent[transaction.id] = transaction
    if state.order.count < Self.recentLimit {
      state.order.append(transaction.id)
      return
    }
    state.recent[state.order[state.oldest]] = nil
    state.order[state.oldest] = transaction.id
    state.oldest = (state.oldest + 1) % Self.recentLimit
  }

  /// Ends every wait; the node stops.
  func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      let all = state.waiters.values.flatMap(\.self)
      state.waiters = [:]
      state.count = 0
      return all
    }
    for waiter in waiters { waiter.resume.resume(returning: nil) }
  }
}
