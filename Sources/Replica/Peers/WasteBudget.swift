internal import Primitives

/// How much of what each peer sends is of no use: what is known already, what nobody asked for, and questions, which are
/// of use to the peer only. A correct node sends little of that; whoever sends more is read more slowly, so that what it
/// costs this node is limited however fast its line is.
struct WasteBudget {
  private struct Account {
    var budget: ByteBudget
    /// The end of the last pause.
    var pausedUntil = Tick(0)
  }

  /// What a frame costs besides its bytes.
  static let frame = 1024
  /// What must be left of the budget when a pause ends, so that pauses are not too many.
  private static let reserve = Limits.wastedBytesPerSecond / 64

  private var accounts: [PeerID: Account] = [:]

  /// Charges a frame to the peer that sent it.
  /// - Parameter bytes: the frame's, and those of the answer that it causes.
  /// - Returns: until when the peer must not be read, if its budget is used up; nil while an earlier pause lasts.
  mutating func charge(_ bytes: Int, to peer: PeerID, now: Tick) -> Tick? {
    let full = ByteBudget(
      rate: Limits.wastedBytesPerSecond, burst: Limits.wastedBytes, left: Limits.wastedBytes, at: now)
    var account = accounts[peer] ?? Account(budget: full)
    defer { accounts[peer] = account }
    account.budget.spend(Self.frame + bytes, at: now)
    guard account.budget.left < 0, account.pausedUntil <= now else { return nil }
    account.pausedUntil = now.advanced(byMicroseconds: account.budget.time(until: Self.reserve, at: now))
    return account.pausedUntil
  }
}
