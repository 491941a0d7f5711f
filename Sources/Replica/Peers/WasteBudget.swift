internal import Primitives

/// How much of what each peer sends is of no use: what is known already, what nobody asked for, and questions, which are
/// of use to the peer only. A correct node sends little of that; whoever sends more is read more slowly, so that what it
/// costs this node is limited however fast its line is.
struct WasteBudget {
  private struct Account {
    /// What was charged and has not drained yet, in bytes.
    var level: UInt64 = 0
    var at: Tick
    /// The end of the last pause.
    var pausedUntil = Tick(0)
  }

  /// What a frame costs besides its bytes.
  static let frame: UInt64 = 1024
  /// A pause lasts at least as long as it takes to drain this much.
  private static let step = Limits.wastedBytesPerSecond / 64

  private var accounts: [PeerID: Account] = [:]

  /// Charges a frame to the peer that sent it.
  /// - Parameter bytes: the frame's, and those of the answer that it causes.
  /// - Returns: until when the peer must not be read, if its budget is used up; nil while an earlier pause lasts.
  mutating func charge(_ bytes: Int, to peer: PeerID, now: Tick) -> Tick? {
    var account = accounts[peer] ?? Account(at: now)
    let drained = Self.drained(in: now.microseconds(since: account.at))
    account.level -= min(account.level, drained)
    account.level += Self.frame + UInt64(max(0, bytes))
    account.at = now
    defer { accounts[peer] = account }
    guard account.level > Limits.wastedBytes, account.pausedUntil <= now else { return nil }
    let excess = account.level - Limits.wastedBytes + Self.step
    account.pausedUntil = now.advanced(byMicroseconds: excess * 1_000_000 / Limits.wastedBytesPerSecond)
    return account.pausedUntil
  }

  private static func drained(in microseconds: UInt64) -> UInt64 {
    let (product, overflow) = microseconds.multipliedReportingOverflow(by: Limits.wastedBytesPerSecond)
    return overflow ? .max : product / 1_000_000
  }
}
