internal import CoreMetrics
internal import DequeModule
internal import Hummingbird
internal import Primitives
internal import Synchronization

/// Lets a few requests read at the same time. The others wait, and take turns by address, so that one that asks much
/// delays itself; beyond the limits they are refused with a time to ask again.
final class ReadGate: Sendable {
  private struct Waiter {
    let number: UInt64
    /// Resumed with whether the request may read.
    let resume: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var running = 0
    /// The requests of each address that read or wait.
    var open: [ClientAddress: Int] = [:]
    var openCount = 0
    var waiters: [ClientAddress: Deque<Waiter>] = [:]
    /// The addresses with waiters, the next one first.
    var turns: Deque<ClientAddress> = []
    var last: UInt64 = 0
  }

  private let limits: ReadLimits
  private let state = Mutex(State())
  private let refused = Counter(label: "roadbed_api_reads_refused_total")

  init(_ limits: ReadLimits) { self.limits = limits }

  /// The number of requests that read or wait.
  var count: Int { state.withLock(\.openCount) }

  /// The number of requests that wait for their turn.
  var waiting: Int { state.withLock { state in state.waiters.values.reduce(0) { $0 + $1.count } } }

  func refreshGauges() { Gauge(label: "roadbed_api_reads").record(count) }

  /// Runs `body` when it is the turn of `address`.
  func pass<Answer>(_ address: ClientAddress, _ body: () async throws -> Answer) async throws -> Answer {
    let number = try enter(address)
    defer { leave(address) }
    if let number, await !turn(number, address) { throw CancellationError() }
    // Whoever has entered without waiting, or got its turn, holds a place that the next waiter takes over.
    defer { handOver() }
    return try await body()
  }

  /// Counts a request as open. Returns nil if it may read at once, or else its number among the waiters.
  private func enter(_ address: ClientAddress) throws(RequestError) -> UInt64? {
    let share = address.share(of: limits.open, limits.addressShare)
    let result: Result<UInt64?, RequestError> = state.withLock { state in
      let own = state.open[address, default: 0]
      guard state.openCount < limits.open else { return .failure(.readsFull(limits)) }
      guard own < share else { return .failure(.readShareUsed(share, limits)) }
      state.open[address] = own + 1
      state.openCount += 1
      if state.running < limits.running {
        state.running += 1
        return .success(nil)
      }
      state.last += 1
      return .success(state.last)
    }
    if case .failure = result { refused.increment() }
    return try result.get()
  }

  private func leave(_ address: ClientAddress) {
    state.withLock { state in
      state.openCount -= 1
      let own = state.open[address, default: 0] - 1
      state.open[address] = own > 0 ? own : nil
    }
  }

  /// Waits for the turn of a request. False if it is no longer wanted.
  private func turn(_ number: UInt64, _ address: ClientAddress) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          // A place may have become free since this request was counted.
          if state.running < limits.running {
            state.running += 1
            return true
          }
          if state.waiters[address, default: []].isEmpty { state.turns.append(address) }
          state.waiters[address, default: []].append(Waiter(number: number, resume: continuation))
          return nil
        }
        if let known { continuation.resume(returning: known) }
        // Cancelled while it was being added.
        if Task.isCancelled { giveUp(number, address) }
      }
    } onCancel: {
      giveUp(number, address)
    }
  }

  private func giveUp(_ number: UInt64, _ address: ClientAddress) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters[address]?.firstIndex(where: { $0.number == number }) else { return nil }
      let waiter = state.waiters[address]?.remove(at: index)
      if state.waiters[address]?.isEmpty == true {
        state.waiters[address] = nil
        state.turns.removeAll { $0 == address }
      }
      return waiter
    }
    waiter?.resume.resume(returning: false)
  }

  /// Gives the place of a request that has been read for to the next address's first waiter.
  private func handOver() {
    let next = state.withLock { state -> Waiter? in
      guard let address = state.turns.popFirst(), let waiter = state.waiters[address]?.popFirst() else {
        state.running -= 1
        return nil
      }
      if state.waiters[address]?.isEmpty == true {
        state.waiters[address] = nil
      } else {
        state.turns.append(address)
      }
      return waiter
    }
    next?.resume.resume(returning: true)
  }
}

extension RequestError {
  fileprivate static func readShareUsed(_ share: Int, _ limits: ReadLimits) -> RequestError {
    RequestError(
      .tooManyRequests, code: "api.read-share-used", "your address has \(share) \(limits.requests) open already",
      nextStep: "wait for their answers, then send it again", retryAfter: limits.retryAfter)
  }

  fileprivate static func readsFull(_ limits: ReadLimits) -> RequestError {
    RequestError(
      .serviceUnavailable, code: "api.busy", "the node has \(limits.open) \(limits.requests) open already",
      nextStep: "send the same request a little later, or to another node", retryAfter: limits.retryAfter)
  }
}
