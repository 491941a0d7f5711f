import Ledger

/// The balances and the supply that result from the applied transactions.
struct BalanceModel: Sendable {
  private(set) var balances: [Name: Int128] = [:]
  private(set) var supply: Int128 = 0

  mutating func apply(_ effect: Sent.Effect) {
    switch effect {
    case .issue(let to, let amount):
      supply += Int128(amount)
      balances[to, default: 0] += Int128(amount)
    case .retire(let from, let amount):
      supply -= Int128(amount)
      balances[from, default: 0] -= Int128(amount)
    case .transfer(let from, let to, let amount):
      balances[from, default: 0] -= Int128(amount)
      balances[to, default: 0] += Int128(amount)
    case .none: break
    }
  }
}
