internal import Primitives

/// A hold, with the slots of what it names. The row of a hold that has ended is vacant: it has no entry in the state, and its
/// slot is used again.
struct HoldRow: StateRow, BitwiseCopyable {
  struct Key: TableKey {
    let account: UInt32
    let reference: HoldReference

    static func < (left: Self, right: Self) -> Bool {
      left.account != right.account ? left.account < right.account : left.reference < right.reference
    }

    @inline(__always)
    func hash(_ seed: HashSeed) -> UInt64 {
      let hash = reference.head.hash(seed, UInt64(account))
      return seed.finish(reference.tail.word0 == 0 ? hash : reference.tail.hash(seed, hash))
    }
  }

  /// The payer's account.
  var account: UInt32
  var payee: UInt32
  var asset: UInt32
  /// The slot of a member, or `noArbiter`.
  var arbiter: UInt32
  var reference: HoldReference
  /// What is still held; zero once the hold has ended.
  var amount: Amount
  var expires: Timestamp
  var placed: HoldNumber

  static let noArbiter = UInt32.max
  static var isRecycled: Bool { true }
  var isVacant: Bool { amount == .zero }
  var key: Key { Key(account: account, reference: reference) }

  func entry(in state: borrowing LedgerState) -> StateEntry? {
    isVacant ? nil : .hold(hold(state.accounts.rows, state.assets.rows, state.members.rows))
  }

  /// The open hold, with the names of what is in the slots.
  func hold(_ accounts: [AccountRow], _ assets: [AssetRow], _ members: [Member]) -> Hold {
    Hold(
      from: accounts[Int(account)].account.name, reference: reference, to: accounts[Int(payee)].account.name,
      asset: assets[Int(asset)].asset.name, amount: amount, expires: expires,
      arbiter: arbiter == Self.noArbiter ? nil : members[Int(arbiter)].name, placed: placed)
  }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {
    if !row.isVacant {
      derived.expiries.close()
      derived.uses.close(row)
    }
    if let old, !old.isVacant {
      derived.expiries.open(HoldExpiries.Expiry(old, slot))
      derived.uses.open(old)
    }
  }
}
