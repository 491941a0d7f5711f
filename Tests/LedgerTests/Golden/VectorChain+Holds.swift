import Primitives
import Testing

@testable import Ledger

extension VectorChain {
  /// Block 5 places four holds. Block 6 captures a part of the first and releases the second; the third expires, and returns
  /// at its end, before which a capture came too late. With the entries after both blocks.
  func recordHolds() throws {
    let (eur, payer) = (TestChain.name("eur"), TestChain.account("bank-a/main"))
    let (payee, customer) = (TestChain.account("bank-b"), TestChain.account("bank-b/customers/17"))
    let references = ["INV-18", "INV 19/b", "Bestellung 7, größte Packung", "INV-20"].map(TestChain.reference)
    let payees = [payee, customer, payee, payee]
    let next = state.tip.timestamp.advanced(byMilliseconds: 1000)
    // The third expires with the time of block 6.
    let expiries = [86_400_000, 3_600_000, 1000, Limits.holdMilliseconds].map(next.advanced(byMilliseconds:))
    let arbiters = [TestChain.name("registry"), nil, TestChain.name("bank-b"), nil]
    let places = references.indices.map { index in
      Operation.holdPlace(
        asset: eur, from: payer, to: payees[index], amount: Amount(UInt128(1000 * (index + 1))),
        reference: references[index], expires: expiries[index], arbiter: arbiters[index])
    }
    let bankB: [Signer] = Self.bankB.map { ("bank-b", $0) }
    try block([try transaction(places, by: [("bank-a", Self.bankA)])], outcomes: [.applied])
    var entries = 0
    try recordEntries(payer, references, &entries, first: 1)
    let late = TransactionOutcome(code: .holdExpired, operation: 0)
    try block(
      [
        try transaction(
          [
            .holdCapture(
              asset: eur, from: payer, to: payee, reference: references[0], amount: Amount(400), closes: false)
          ], by: bankB),
        try transaction([.holdRelease(asset: eur, from: payer, to: customer, reference: references[1])], by: bankB),
        try transaction(
          [
            .holdCapture(
              asset: eur, from: payer, to: payee, reference: references[2], amount: Amount(3000), closes: true)
          ], by: bankB),
      ], outcomes: [.applied, .applied, late])
    try recordEntries(payer, references, &entries, first: 1 + references.count)
    #expect(entries == 6)
  }

  private func recordEntries(
    _ payer: AccountName, _ references: [HoldReference], _ entries: inout Int, first: Int
  ) throws {
    for (index, reference) in references.enumerated() {
      let key = StateKey.hold(payer, reference)
      let proof = state.prove(key)
      file.add("hold-state-proof.\(first + index)", encoded { proof.encode(into: &$0) })
      guard let entry = proof.entry else { continue }
      entries += 1
      file.add("hold-entry.\(entries).key", encoded { key.encode(into: &$0) })
      file.add("hold-entry.\(entries).value", encoded { entry.encodeValue(into: &$0) })
    }
  }
}
