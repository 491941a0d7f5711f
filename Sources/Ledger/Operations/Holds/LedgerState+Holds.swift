package import Primitives

// Shared by the operations of holds, and the return of those that expired.
extension LedgerState {
  /// The slot of the payer's open hold with this reference.
  func openHold(_ payer: AccountName, _ reference: HoldReference) -> UInt32? {
    guard let account = openAccount(payer) else { return nil }
    guard let slot = holds.slot(of: HoldRow.Key(account: account, reference: reference)) else { return nil }
    return holds.rows[Int(slot)].isVacant ? nil : slot
  }

  /// Whether the hold, which is the payer's with the reference, is of the same asset and for the same payee.
  func has(_ hold: HoldRow, _ terms: HoldTerms) -> Bool {
    assets.rows[Int(hold.asset)].asset.name == terms.asset
      && accounts.rows[Int(hold.payee)].account.name == terms.to
  }

  /// The open hold that an operation is about; nil if there is none with these terms.
  func openHold(_ terms: HoldTerms) -> HoldRow? {
    guard let slot = openHold(terms.from, terms.reference) else { return nil }
    let hold = holds.rows[Int(slot)]
    return has(hold, terms) ? hold : nil
  }

  /// The row of a hold of the state; nil if something that it names is unknown.
  func row(of hold: Hold) -> HoldRow? {
    guard let account = openAccount(hold.from), let payee = openAccount(hold.to),
      let asset = assets.slot(of: hold.asset)
    else { return nil }
    var arbiter = HoldRow.noArbiter
    if let name = hold.arbiter {
      guard let slot = members.slot(of: name) else { return nil }
      arbiter = slot
    }
    return HoldRow(
      account: account, payee: payee, asset: asset, arbiter: arbiter, reference: hold.reference, amount: hold.amount,
      expires: hold.expires, placed: hold.placed)
  }

  /// Adds an open hold, in the slot of an ended one of the same payer and reference if there is one.
  mutating func open(_ hold: HoldRow, ended: UInt32?) {
    let slot: UInt32
    if let ended {
      holds.change(ended) { $0 = hold }
      slot = ended
    } else {
      slot = holds.create(hold)
    }
    derived.expiries.open(HoldExpiries.Expiry(hold, slot))
    derived.uses.open(hold)
  }

  /// Ends a hold and returns what is left of it to the payer.
  mutating func end(_ slot: UInt32, returning rest: Amount) {
    let hold = holds.rows[Int(slot)]
    holds.change(slot) { $0.amount = .zero }
    derived.expiries.close()
    derived.uses.close(hold)
    guard rest != .zero else { return }
    let target = balance(hold.account, hold.asset)
    // Available and held amounts together are the supply, which fits.
    guard let sum = balances.rows[Int(target)].amount.adding(rest) else {
      preconditionFailure("returning a hold exceeds the supply of its asset")
    }
    setBalance(target, sum)
  }

  /// Returns holds that have expired at the time of the open block, the first in order, as many as one block may.
  mutating func returnExpiredHolds() {
    if Mutation.keepExpired.isOn { return }
    derived.expiries.tidy(holds.rows)
    var left = Limits.returnedHoldsPerBlock
    while left > 0, let first = derived.expiries.first, first.time <= blockTime {
      end(first.slot, returning: holds.rows[Int(first.slot)].amount)
      derived.expiries.prune(holds.rows)
      left -= 1
    }
  }

  /// When the next hold expires that is open at the tip; nil if there is none.
  package var nextExpiry: Timestamp? { derived.expiries.first?.time }
}
