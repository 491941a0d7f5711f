import Ledger
import Primitives
import Simulation

// Holds, most of which are placed by somebody who can pay, and end in one way or another within a few blocks.
extension StateWorkloadTests.Workload {
  /// Opens some of the accounts that operations name, and gives some of them something to hold. A history that begins without
  /// may go on without for long.
  static func funding(_ chain: TestChain) throws -> SignedTransaction {
    let owners = ["bank-a", "bank-b", "shop"]
    let opened = owners.flatMap { owner in (0..<3).map { TestChain.open("\(owner)/\($0)") } }
    let funded = (owners + owners.map { "\($0)/0" }).flatMap { account in
      ["eur", "usd"].map { TestChain.issue($0, account, 1_000_000) }
    }
    let defined = ["eur", "usd"].map { TestChain.define($0, by: "bank-a") }
    return try chain.transaction(opened + defined + funded, by: TestChain.bankA + TestChain.bankB + TestChain.shop)
  }

  /// Places a hold, or captures or releases one that is open, or another.
  mutating func holdOperation(_ model: LedgerModel) -> Operation {
    let open = model.holds.keys.sorted()
    guard chance(60), !open.isEmpty, let hold = model.holds[open[draw(open.count)]] else { return placing(model) }
    let asset = chance(95) ? hold.asset : TestChain.name(asset())
    var to = chance(95) ? hold.to : TestChain.account(account())
    if to == hold.from { to = hold.to }
    let reference = chance(95) ? hold.reference : reference()
    if chance(30) { return .holdRelease(asset: asset, from: hold.from, to: to, reference: reference) }
    let held = hold.amount.rawValue
    let amount =
      switch draw(8) {
      case 0: held
      case 1: held == .max ? held : held + 1
      case 2: amount()
      default: 1 + (held - 1) / UInt128(1 + draw(4))
      }
    return .holdCapture(
      asset: asset, from: hold.from, to: to, reference: reference, amount: Amount(amount), closes: chance(40))
  }

  private mutating func placing(_ model: LedgerModel) -> Operation {
    var (from, unit, most) = (TestChain.account(account()), TestChain.name(asset()), amount())
    if chance(75) {
      // Somebody who has something.
      let funded = model.holdings.filter { $0.value > 0 }.keys.sorted {
        ($0.account, $0.asset) < ($1.account, $1.asset)
      }
      if !funded.isEmpty {
        let holding = funded[draw(funded.count)]
        (from, unit) = (holding.account, holding.asset)
        let available = model.holdings[holding] ?? 1
        most = chance(20) ? available : 1 + (available - 1) / UInt128(1 + draw(9))
      }
    }
    var to = TestChain.account(account())
    while to == from { to = TestChain.account(account()) }
    return .holdPlace(
      asset: unit, from: from, to: to, amount: Amount(most), reference: reference(), expires: expiry(model),
      arbiter: chance(40) ? TestChain.name(["notary", "admin-1", "bank-b", "late-1"][draw(4)]) : nil)
  }

  private mutating func reference() -> HoldReference { TestChain.reference("r\(draw(chance(60) ? 3 : 1000))") }

  /// Blocks are a second apart.
  private mutating func expiry(_ model: LedgerModel) -> Timestamp {
    let time = model.blockTime
    switch draw(20) {
    case 0: return Timestamp(time.rawValue - UInt64(draw(2000)))
    case 1: return time.advanced(byMilliseconds: Limits.holdMilliseconds + UInt64(draw(3000)))
    case 2..<6: return time.advanced(byMilliseconds: 60_000 + UInt64(draw(1_000_000)))
    default: return time.advanced(byMilliseconds: 1001 + UInt64(draw(8000)))
    }
  }

  /// Who ends a hold: its payee, its arbiter, or its payer.
  mutating func party(
    of from: AccountName, _ reference: HoldReference, _ to: AccountName, _ model: LedgerModel
  ) -> String {
    let arbiter = model.holds[LedgerModel.HoldKey(from, reference)]?.arbiter
    if chance(30), let arbiter { return "\(arbiter)" }
    return "\(chance(20) ? from.owner : to.owner)"
  }
}
