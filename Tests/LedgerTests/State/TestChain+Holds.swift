import Ledger
import Primitives
import TestHarness

extension TestChain {
  static func reference(_ text: String) -> HoldReference { Samples.holdReference(text) }

  /// Places a hold of `eur`, which expires so many milliseconds after the tip. The next block is usually 1000 ms after it.
  func place(
    _ from: String, _ to: String, _ amount: UInt128, _ reference: String, in milliseconds: UInt64 = 3_600_000,
    arbiter: String? = nil, of asset: String = "eur"
  ) -> Operation {
    .holdPlace(
      asset: Self.name(asset), from: Self.account(from), to: Self.account(to), amount: Amount(amount),
      reference: Self.reference(reference), expires: state.tip.timestamp.advanced(byMilliseconds: milliseconds),
      arbiter: arbiter.map(Self.name))
  }

  static func capture(
    _ from: String, _ to: String, _ amount: UInt128, _ reference: String, closes: Bool = false, of asset: String = "eur"
  ) -> Operation {
    .holdCapture(
      asset: name(asset), from: account(from), to: account(to), reference: self.reference(reference),
      amount: Amount(amount), closes: closes)
  }

  static func release(_ from: String, _ to: String, _ reference: String, of asset: String = "eur") -> Operation {
    .holdRelease(asset: name(asset), from: account(from), to: account(to), reference: self.reference(reference))
  }

  static func hold(_ from: String, _ reference: String) -> StateKey {
    .hold(account(from), self.reference(reference))
  }

  /// The open hold at the tip.
  func hold(_ from: String, _ reference: String) -> Hold? {
    guard case .hold(let hold) = state.entry(Self.hold(from, reference)) else { return nil }
    return hold
  }

  /// What is still held; zero if no hold is open.
  func held(_ from: String, _ reference: String) -> Amount { hold(from, reference)?.amount ?? .zero }
}
