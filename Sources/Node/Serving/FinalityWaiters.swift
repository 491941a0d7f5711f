internal import Foundation
internal import Ledger
internal import Primitives
internal import Replica
internal import Synchronization

/// Answers requests that wait for transactions to become final, and remembers the newest outcomes long enough for the
/// query index to catch up.
final class FinalityWaiters: Sendable {
  /// A call that waits for one or more transactions.
  private struct Wait {
    let ids: [Digest]
    var found: [FinalizedTransaction?]
    var open: Int
    let resume: CheckedContinuation<[FinalizedTransaction?], Never>
  }

  /// The place of a transaction in a wait.
  private struct Place {
    let wait: UInt64
    let index: Int
  }

  private struct State {
    var waits: [UInt64: Wait] = [:]
    /// Clients choose the ids.
    var places: [ChosenDigest: [Place]] = [:]
    /// The number of open places in all waits.
    var count = 0
    var last: UInt64 = 0
    var recent = RecentOutcomes(limit: FinalityWaiters.recentLimit)
    var isClosed = false
  }

  /// The minimum number of outcomes remembered.
  private static let recentLimit = 65_536
  /// The maximum number of open places in all waits.
  static let waiterLimit = 100_000

  private let state = Mutex(State())

  /// The number of open places in all waits.
  var waiting: Int { state.withLock(\.count) }

  /// Whether waits are refused because the node is stopping.
  var isClosed: Bool { state.withLock(\.isClosed) }

  /// The height up to which announced outcomes may have been forgotten.
  var forgottenHeight: Height { state.withLock(\.recent.forgottenHeight) }

  func recent(_ id: Digest) -> FinalizedTransaction? { state.withLock { $0.recent[id] } }

  /// Waits until all of `ids` are final, at most until `deadline`. The answers are in the same order; those not known
  /// by then are nil. Returns immediately if the wait would exceed `waiterLimit`.
  func wait(for ids: [Digest], until deadline: ContinuousClock.Instant) async -> [FinalizedTransaction?] {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    let timer = Task { [weak self] in
      try? await Task.sleep(until: deadline)
      self?.giveUp(number)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: [FinalizedTransaction?]? = state.withLock { state in
          let found = ids.map { state.recent[$0] }
          let open = found.count { $0 == nil }
          // After the deadline, the timer has already run and would not find this wait.
          guard open > 0, !state.isClosed, state.count + open <= Self.waiterLimit, .now < deadline else { return found }
          state.waits[number] = Wait(ids: ids, found: found, open: open, resume: continuation)
          for index in ids.indices where found[index] == nil {
            state.places[ChosenDigest(ids[index]), default: []].append(Place(wait: number, index: index))
          }
          state.count += open
          return nil
        }
        if let known { continuation.resume(returning: known) }
        if Task.isCancelled { giveUp(number) }
      }
    } onCancel: {
      giveUp(number)
    }
  }

  /// Ends a wait with the outcomes known so far.
  private func giveUp(_ number: UInt64) {
    let ended = state.withLock { state -> Wait? in
      guard let wait = state.waits.removeValue(forKey: number) else { return nil }
      state.count -= wait.open
      for (id, known) in zip(wait.ids, wait.found) where known == nil {
        let key = ChosenDigest(id)
        state.places[key]?.removeAll { $0.wait == number }
        if state.places[key]?.isEmpty == true { state.places[key] = nil }
      }
      return wait
    }
    if let ended { ended.resume.resume(returning: ended.found) }
  }

  /// Fills the places of a transaction in all waits; waits that are now complete are added to `complete`.
  private static func fill(
    _ id: Digest, _ transaction: FinalizedTransaction?, _ state: inout State, _ complete: inout [Wait]
  ) {
    for place in state.places.removeValue(forKey: ChosenDigest(id)) ?? [] {
      state.count -= 1
      state.waits[place.wait]?.found[place.index] = transaction
      state.waits[place.wait]?.open -= 1
      if state.waits[place.wait]?.open == 0, let wait = state.waits.removeValue(forKey: place.wait) {
        complete.append(wait)
      }
    }
  }

  /// Ends the waiting for transactions that can no longer become final.
  func abandon(_ ids: [Digest]) {
    var complete: [Wait] = []
    state.withLock { state in
      for id in ids { Self.fill(id, nil, &state, &complete) }
    }
    for wait in complete { wait.resume.resume(returning: wait.found) }
  }

  /// Reports that a block is final and can be read back.
  func publish(_ commit: Commit) {
    var complete: [Wait] = []
    state.withLock { state in
      for (index, layout) in commit.block.layouts.enumerated() {
        let transaction = FinalizedTransaction(
          id: layout.id, height: commit.height, index: index, outcome: commit.execution.outcomes[index])
        state.recent.remember(transaction)
        Self.fill(layout.id, transaction, &state, &complete)
      }
    }
    for wait in complete { wait.resume.resume(returning: wait.found) }
  }

  /// Ends every wait, because the node is stopping.
  func close() {
    let ended = state.withLock { state in
      state.isClosed = true
      defer {
        state.waits = [:]
        state.places = [:]
        state.count = 0
      }
      return Array(state.waits.values)
    }
    for wait in ended { wait.resume.resume(returning: wait.found) }
  }
}
