/// How many balances above zero and open holds, from it or for it, each account has, so that an operation need not look for
/// them.
struct AccountUses: Sendable {
  /// By the account's slot; an account beyond the last has none.
  private var counts: [UInt32] = []

  func isUnused(_ account: UInt32) -> Bool { count(account) == 0 }

  func count(_ account: UInt32) -> UInt32 { Int(account) < counts.count ? counts[Int(account)] : 0 }

  /// Notes that an account has a balance now, or an open hold.
  mutating func add(_ account: UInt32) {
    if Int(account) >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: Int(account) + 1 - counts.count))
    }
    counts[Int(account)] += 1
  }

  /// Notes that one of them is gone.
  mutating func remove(_ account: UInt32) { counts[Int(account)] -= 1 }

  /// Notes that a balance is another amount now.
  @inline(__always)
  mutating func replace(_ account: UInt32, wasZero: Bool, isZero: Bool) {
    guard wasZero != isZero else { return }
    if isZero { remove(account) } else { add(account) }
  }

  /// Notes that a hold is open.
  mutating func open(_ hold: HoldRow) {
    add(hold.account)
    add(hold.payee)
  }

  /// Notes that a hold ended, or that its placing was taken back.
  mutating func close(_ hold: HoldRow) {
    remove(hold.account)
    remove(hold.payee)
  }
}
