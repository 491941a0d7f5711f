import Ledger
import Primitives
import Simulation

/// Keeps open holds in a dictionary.
struct DictionaryShelf: HoldShelf {
  struct Missing: Error {
    let from: AccountName
    let reference: HoldReference
  }

  typealias Failure = Missing

  private(set) var holds: [LedgerModel.HoldKey: Hold] = [:]

  mutating func put(_ hold: Hold) { holds[LedgerModel.HoldKey(hold.from, hold.reference)] = hold }

  mutating func take(_ from: AccountName, _ reference: HoldReference) throws(Missing) -> Hold {
    guard let hold = holds.removeValue(forKey: LedgerModel.HoldKey(from, reference)) else {
      throw Missing(from: from, reference: reference)
    }
    return hold
  }

  mutating func takeExpired(at time: Timestamp) throws(Missing) -> Hold? {
    let first = holds.values.filter { $0.expires <= time }
      .min { ($0.expires, $0.placed) < ($1.expires, $1.placed) }
    return try first.map { hold throws(Missing) in try take(hold.from, hold.reference) }
  }
}
