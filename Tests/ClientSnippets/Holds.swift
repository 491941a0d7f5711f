package import Ledger
package import LedgerClient
package import LedgerJSON
import Primitives

// snippet: place-hold
/// Sets units of the payer aside for the payee, for an hour.
package func placeHold(
  _ reference: HoldReference, of amount: Amount, _ asset: Name, from payer: AccountName, to payee: AccountName,
  as signer: Signer, genesis: Genesis, client: LedgerClient
) async throws {
  let hold = try TransactionBuilder(genesis: genesis).transaction(
    [
      .holdPlace(
        asset: asset, from: payer, to: payee, amount: amount, reference: reference,
        expires: .now.advanced(byMilliseconds: 3_600_000))
    ], signers: [signer])
  let result = try await client.submitAndWait(hold)
  guard result.outcome?.applied == true else { throw NotApplied(outcome: result.outcome) }
}
// end

// snippet: find-hold
/// The open hold of the payer with this reference; nil if there is none.
package func openHold(
  _ reference: HoldReference, of payer: AccountName, client: LedgerClient
) async throws -> HoldView? {
  try await client.holds(.reference(reference, from: payer)).items.first
}
// end

// snippet: deliver
/// What the seller signs alone: the goods for all that is held, or neither.
package func delivery(of units: Amount, _ goods: Name, from seller: AccountName, for hold: HoldView) -> [Operation] {
  [
    .assetTransfer(asset: goods, from: seller, to: hold.from, amount: units),
    .holdCapture(
      asset: hold.asset, from: hold.from, to: hold.to, reference: hold.reference, amount: hold.units, closes: true),
  ]
}
// end

// snippet: exchange
/// What both sign, each for the hold of the other: all that is held on both sides changes hands, or nothing.
package func exchange(_ holds: [HoldView]) -> [Operation] {
  holds.map { hold in
    .holdCapture(
      asset: hold.asset, from: hold.from, to: hold.to, reference: hold.reference, amount: hold.units, closes: true)
  }
}
// end

// snippet: release-hold
/// What the payee signs to give back what is still held.
package func release(_ hold: HoldView) -> Operation {
  .holdRelease(asset: hold.asset, from: hold.from, to: hold.to, reference: hold.reference)
}
// end
