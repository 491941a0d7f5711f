internal import Ledger
internal import Primitives

// Holds. Many expire during a run, and whoever acts does not know which are open.
extension Workload {
  /// Milliseconds within which a hold expires that expires soon.
  static var longestSoon: UInt64 { 8000 }
  /// Milliseconds after which other holds expire: longer than any run.
  private static var shortestLong: UInt64 { 30 * 86_400_000 }
  private static var remembered: Int { 32 }

  /// A transaction about holds.
  mutating func holding(at time: Timestamp) -> Request {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0..<7: return sign([place(at: time)], at: time)
    case 7..<12: return capture(at: time)
    case 12..<15: return release(at: time)
    case 15, 16: return exchange(at: time)
    case 17, 18: return settle(at: time)
    default: return reuse(at: time)
    }
  }

  // MARK: Placing

  private mutating func place(at time: Timestamp) -> Operation {
    let from = account()
    var to = account()
    while to == from { to = account() }
    return place(from, to, reference(), expires: expiry(at: time))
  }

  private mutating func place(
    _ from: AccountName, _ to: AccountName, _ reference: HoldReference, expires: Timestamp
  ) -> Operation {
    let operation = Operation.holdPlace(
      asset: Population.asset, from: from, to: to,
      amount: Amount(UInt128(UInt64.random(in: 1...20_000, using: &generator))), reference: reference,
      expires: expires, arbiter: arbiter())
    if case .holdPlace(let place) = operation { remember(place) }
    return operation
  }

  private mutating func remember(_ place: HoldPlace) {
    if placed.count < Self.remembered {
      placed.append(place)
    } else {
      placed[Int.random(in: placed.indices, using: &generator)] = place
    }
  }

  /// One of a few, so that many are in use already.
  private mutating func reference() -> HoldReference {
    guard let reference = HoldReference("order \(Int.random(in: 0..<12, using: &generator))") else {
      preconditionFailure("no reference")
    }
    return reference
  }

  /// Often soon, sometimes too early or too late.
  private mutating func expiry(at time: Timestamp) -> Timestamp {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: Timestamp(time.rawValue - UInt64.random(in: 0...5000, using: &generator))
    case 1: time.advanced(byMilliseconds: Limits.holdMilliseconds + 60_000)
    case 2..<8: time.advanced(byMilliseconds: Self.shortestLong)
    case 8..<14: time.advanced(byMilliseconds: UInt64.random(in: 1...500, using: &generator))
    default: time.advanced(byMilliseconds: UInt64.random(in: 1...Self.longestSoon, using: &generator))
    }
  }

  private mutating func arbiter() -> Name? {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: Population.name("nobody")
    case 1..<6: Population.issuer
    case 6..<9: bank()
    default: nil
    }
  }

  // MARK: Ending

  private mutating func capture(at time: Timestamp) -> Request {
    guard let hold = chosen(at: time) else { return sign([place(at: time)], at: time) }
    let amount =
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: hold.amount.rawValue + 1
      case 1, 2: hold.amount.rawValue
      default: UInt128(UInt64.random(in: 1...UInt64(hold.amount.rawValue), using: &generator))
      }
    let operation = Operation.holdCapture(
      asset: asset(of: hold), from: hold.from, to: payee(of: hold), reference: hold.reference, amount: Amount(amount),
      closes: Bool.random(using: &generator))
    return sign([operation], by: [party(of: hold)], at: time)
  }

  private mutating func release(at time: Timestamp) -> Request {
    guard let hold = chosen(at: time) else { return sign([place(at: time)], at: time) }
    let operation = Operation.holdRelease(
      asset: asset(of: hold), from: hold.from, to: payee(of: hold), reference: hold.reference)
    return sign([operation], by: [party(of: hold)], at: time)
  }

  /// Any of the holds, or the one that expires next.
  private mutating func chosen(at time: Timestamp) -> HoldPlace? {
    if Bool.random(using: &generator) { return placed.randomElement(using: &generator) }
    return placed.filter { $0.expires.advanced(byMilliseconds: 10) > time }.min { $0.expires < $1.expires }
  }

  /// The hold's asset, or now and then one that there is not.
  private mutating func asset(of hold: HoldPlace) -> Name {
    Int.random(in: 0..<20, using: &generator) == 0 ? Population.name("usd") : hold.asset
  }

  /// The hold's payee, or now and then somebody else.
  private mutating func payee(of hold: HoldPlace) -> AccountName {
    let other = account()
    return Int.random(in: 0..<20, using: &generator) == 0 && other != hold.from ? other : hold.to
  }

  /// The payee or the arbiter; or the payer, who is seldom right.
  private mutating func party(of hold: HoldPlace) -> Name {
    let isArbiter = Int.random(in: 0..<3, using: &generator) == 0
    if isArbiter, let arbiter = hold.arbiter, arbiter != Population.name("nobody") { return arbiter }
    return Int.random(in: 0..<4, using: &generator) == 0 ? hold.from.owner : hold.to.owner
  }

  // MARK: Several at once

  /// Two holds that pay for each other.
  private mutating func exchange(at time: Timestamp) -> Request {
    let (buyer, seller) = (account(), account())
    guard buyer != seller else { return sign([place(at: time)], at: time) }
    let (reference, expires) = (reference(), expiry(at: time))
    let operations = [
      place(buyer, seller, reference, expires: expires), place(seller, buyer, reference, expires: expires),
    ]
    if case .holdPlace(let one) = operations[0], case .holdPlace(let other) = operations[1] {
      exchanges = exchanges.suffix(7) + [(one, other)]
    }
    return sign(operations, at: time)
  }

  /// Delivery against payment: both holds of an exchange are captured, or neither.
  private mutating func settle(at time: Timestamp) -> Request {
    guard let exchange = exchanges.randomElement(using: &generator) else { return self.exchange(at: time) }
    let operations = [exchange.0, exchange.1].map { hold in
      Operation.holdCapture(
        asset: hold.asset, from: hold.from, to: hold.to, reference: hold.reference, amount: hold.amount, closes: true)
    }
    return sign(operations, at: time)
  }

  /// A hold in the place of another one with the same reference, which the payee gives back.
  private mutating func reuse(at time: Timestamp) -> Request {
    guard let hold = chosen(at: time) else { return sign([place(at: time)], at: time) }
    let operations = [
      Operation.holdRelease(asset: hold.asset, from: hold.from, to: hold.to, reference: hold.reference),
      place(hold.from, hold.to, hold.reference, expires: expiry(at: time)),
    ]
    return sign(operations, at: time)
  }
}
