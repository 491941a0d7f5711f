internal import Primitives
internal import Synchronization

/// Lets requests wait until a height is final and can be read back. Each connection waits for one at most.
final class HeightWaiters: Sendable {
  private struct Wait {
    let height: Height
    /// Resumed with whether the height was reached.
    let resume: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var reached: Height
    var waits: [UInt64: Wait] = [:]
    var last: UInt64 = 0
    var isClosed = false
  }

  private let state: Mutex<State>

  init(reached: Height) { state = Mutex(State(reached: reached)) }

  /// The number of requests that wait.
  var waiting: Int { state.withLock(\.waits.count) }

  /// Waits until `height` is reached, at most until `deadline`. False if it was not.
  func wait(for height: Height, until deadline: ContinuousClock.Instant) async -> Bool {
    let (number, isReached) = state.withLock { state in
      state.last += 1
      return (state.last, state.reached >= height)
    }
    if isReached { return true }
    let timer = Task { [weak self] in
      try? await Task.sleep(until: deadline)
      self?.giveUp(number)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Bool? = state.withLock { state in
          if state.reached >= height { return true }
          // After the deadline, the timer has already run and would not find this wait.
          if state.isClosed || .now >= deadline { return false }
          state.waits[number] = Wait(height: height, resume: continuation)
          return nil
        }
        if let known { continuation.resume(returning: known) }
        // Cancelled while it was being added.
        if Task.isCancelled { giveUp(number) }
      }
    } onCancel: {
      giveUp(number)
    }
  }

  private func giveUp(_ number: UInt64) {
    state.withLock { $0.waits.removeValue(forKey: number) }?.resume.resume(returning: false)
  }

  /// Ends the waits for heights up to this one.
  func advance(to height: Height) {
    let ended = state.withLock { state -> [Wait] in
      state.reached = max(state.reached, height)
      guard !state.waits.isEmpty else { return [] }
      let due = state.waits.filter { $0.value.height <= state.reached }
      for number in due.keys { state.waits[number] = nil }
      return Array(due.values)
    }
    for wait in ended { wait.resume.resume(returning: true) }
  }

  /// Ends every wait, because the node is stopping; later ones no longer wait.
  func close() {
    let ended = state.withLock { state in
      state.isClosed = true
      defer { state.waits = [:] }
      return Array(state.waits.values)
    }
    for wait in ended { wait.resume.resume(returning: false) }
  }
}
