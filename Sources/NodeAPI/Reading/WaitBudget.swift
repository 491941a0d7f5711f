internal import Hummingbird
internal import Primitives
internal import Synchronization

/// Bounds the transactions that requests wait for, in total and for each address.
final class WaitBudget: Sendable {
  private struct State {
    var total = 0
    var held: [ClientAddress: Int] = [:]
  }

  private let limit: Int
  private let addressShare: Int
  private let state = Mutex(State())
  /// Seconds after which a request that was refused may be sent again.
  private static let retryAfter = 1

  /// - Parameter addressShare: one address's share of the limit, as a divisor.
  init(limit: Int, addressShare: Int) {
    self.limit = limit
    self.addressShare = addressShare
  }

  /// The number of transactions waited for.
  var count: Int { state.withLock(\.total) }

  /// Runs `body`, which waits for `count` transactions. Throws without running it if there is no room.
  func hold<Answer>(
    _ count: Int, for address: ClientAddress, _ body: () async throws -> Answer
  ) async throws -> Answer {
    let share = address.share(of: limit, addressShare)
    let fits = state.withLock { state in
      let own = state.held[address, default: 0] + count
      guard state.total + count <= limit, own <= share else { return false }
      state.total += count
      state.held[address] = own
      return true
    }
    guard fits else {
      throw RequestError(
        .serviceUnavailable, code: "api.waits-full",
        "the node cannot wait for \(count) more transactions: its limit is \(limit), and \(share) for one address",
        nextStep: "send the request a little later, or without 'wait', and ask for the outcome later",
        retryAfter: Self.retryAfter)
    }
    defer {
      state.withLock { state in
        state.total -= count
        let own = state.held[address, default: 0] - count
        state.held[address] = own > 0 ? own : nil
      }
    }
    return try await body()
  }
}
