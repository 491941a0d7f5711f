import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Waits until the epoch that a final block began has a final block of its own, which shows that its validators go on.
struct EpochOpening {
  private static let look = Duration.milliseconds(200)
  private static let looks = 25

  let closing: Height
  let limit: Duration
  let next: String

  /// - Parameter closing: the height of the block that contains the change.
  init(_ closing: Height, _ submission: SubmissionOptions) {
    self.closing = closing
    limit = submission.waitingTime ?? .seconds(WaitingTime.usual)
    next = submission.nodes.command("validator list")
  }

  /// Returns the epoch of the blocks above. If that is the one before as well, because changes cancelled out, there is nothing to
  /// wait for.
  func wait(_ client: LedgerClient) async throws -> UInt64 {
    let deadline = ContinuousClock.now + limit
    var epoch: UInt64?
    while true {
      // A node that fails or is a little behind is asked again, or another one is.
      if epoch == nil, let block = try? await client.block(closing) {
        epoch = block.result.epoch
        let before = closing.rawValue > 1 ? try? await client.block(Height(closing.rawValue - 1)).result.epoch : 0
        if let epoch, before == epoch { return epoch }
      }
      if let epoch, let status = try? await client.status(), status.epoch >= epoch, status.height > closing {
        return epoch
      }
      guard ContinuousClock.now < deadline else { throw CommandError.notOpen(epoch, closing, limit, next: next) }
      try await Task.sleep(for: EpochOpening.look)
    }
  }

  /// Whether the node itself says that it is a validator of the epoch, or a later one. It may learn of it a moment later than
  /// others.
  func shows(_ name: Name, at url: String?, _ epoch: UInt64) async -> Bool {
    guard let address = url.flatMap({ try? NodeAddress.parse($0) }) else { return false }
    for _ in 0..<EpochOpening.looks {
      let status = try? await LedgerClient.with(nodes: [address]) { try await $0.status() }
      if let status, status.node == name, status.epoch >= epoch, status.role == .validator { return true }
      try? await Task.sleep(for: EpochOpening.look)
    }
    return false
  }
}

extension CommandError {
  fileprivate static func notOpen(_ epoch: UInt64?, _ closing: Height, _ limit: Duration, next: String) -> CommandError
  {
    CommandError(
      code: "validator.epoch-not-open",
      explanation: "no block above height \(closing) is final"
        + (epoch.map { " in epoch \($0)" } ?? "") + " after \(limit.components.seconds) seconds",
      nextStep: "switch no node off; `\(next)` shows who is linked")
  }
}
