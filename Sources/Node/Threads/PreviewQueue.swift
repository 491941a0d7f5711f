internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Synchronization

/// Transactions that wait to be tried on the replica's thread: one after a batch of inputs, and the next one only after a
/// pause, so that they never take more than a share of the thread's time.
final class PreviewQueue: Sendable {
  private typealias Asker = CheckedContinuation<Result<TransactionPreview, any Error>, Never>

  private struct State {
    var waiting: Deque<(draft: TransactionDraft, asker: Asker)> = []
    /// When the next one may be tried.
    var next = Tick(0)
    var isClosed = false
  }

  /// The number of transactions that may wait.
  static let limit = 8
  /// Of so many parts of the thread's time, one is for them.
  static let share: UInt64 = 8

  private let state = Mutex(State())

  /// The number of transactions that wait.
  var count: Int { state.withLock(\.waiting.count) }

  /// When the next one may be tried; nil if none waits.
  var nextDeadline: Tick? { state.withLock { $0.waiting.isEmpty ? nil : $0.next } }

  /// What a transaction would do above the newest executed block.
  /// - Parameter wake: makes the loop look at `nextDeadline`.
  func preview(_ draft: TransactionDraft, _ wake: @Sendable () -> Void) async throws -> TransactionPreview {
    try await withCheckedContinuation { (asker: Asker) in
      let refusal = state.withLock { state -> (any Error)? in
        if state.isClosed { return NodeStopping() }
        if state.waiting.count >= Self.limit { return NodeBusy(limit: Self.limit) }
        state.waiting.append((draft, asker))
        return nil
      }
      if let refusal { asker.resume(returning: .failure(refusal)) } else { wake() }
    }.get()
  }

  /// Tries the next one if it is due. Called on the replica's thread.
  func serve(_ host: inout ReplicaHost, clock: () -> Tick = Clock.tick) {
    guard let begin = nextDeadline.map({ _ in clock() }),
      let (draft, asker) = state.withLock({ $0.next <= begin ? $0.waiting.popFirst() : nil })
    else { return }
    let answer = Result<TransactionPreview, any Error> { try host.preview(draft, now: Clock.wall()) }
    let end = clock()
    let pause = end.microseconds(since: begin) * (Self.share - 1)
    state.withLock { $0.next = end.advanced(byMicroseconds: pause) }
    asker.resume(returning: answer)
  }

  /// Refuses what waits and all that comes, because the loop has ended.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for entry in waiting { entry.asker.resume(returning: .failure(NodeStopping())) }
  }
}
