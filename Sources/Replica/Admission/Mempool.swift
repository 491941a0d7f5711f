package import Ledger
package import Primitives

/// Verified transactions that wait for a block, in order of arrival.
///
/// The pool is bounded in number and bytes, with a share of both for each sponsoring member, so that one client cannot
/// crowd out the others (attack N3). A transaction stays until it is final or expired: if it is in a block that is not
/// final yet, it is only marked, because that block may be given up.
package struct Mempool {
  package enum Refusal: Error, Equatable, Sendable {
    /// The limit of the whole pool is reached.
    case full(transactions: Int, bytes: Int)
    /// The sponsoring member's share is used up.
    case quota(member: Name, transactions: Int)
  }

  package struct Bounds: Sendable {
    package var transactions: Int
    package var bytes: Int
    /// Each member's share of both limits is one `memberShare`-th.
    package var memberShare: Int

    package init(
      transactions: Int = Limits.mempoolTransactions, bytes: Int = Limits.mempoolBytes,
      memberShare: Int = Limits.mempoolMemberShare
    ) {
      self.transactions = transactions
      self.bytes = bytes
      self.memberShare = memberShare
    }
  }

  private struct Entry {
    var transaction: SignedTransaction
    var sponsor: Name
    /// Whether an executed block of the current branch that is not final yet contains the transaction.
    var included: Bool
    var offered: Tick
    /// Its place in `order`. A transaction that left and came back has a new place.
    var place: UInt64
  }

  private struct Place {
    var id: Digest
    var number: UInt64
  }

  private struct Share {
    var transactions = 0
    var bytes = 0

    mutating func add(_ size: Int) {
      transactions += 1
      bytes += size
    }

    mutating func subtract(_ size: Int) {
      transactions -= 1
      bytes -= size
    }
  }

  private let bounds: Bounds
  private var entries: [Digest: Entry] = [:]
  /// Arrival order. Places of transactions that left remain until the next compaction.
  private var order: [Place] = []
  private var lastPlace: UInt64 = 0
  private var shares: [Name: Share] = [:]
  package private(set) var bytes = 0
  /// The number of transactions that no block of the current branch contains yet.
  package private(set) var waiting = 0

  package init(bounds: Bounds = Bounds()) {
    self.bounds = bounds
  }

  package var count: Int { entries.count }

  package func transaction(_ id: Digest) -> SignedTransaction? { entries[id]?.transaction }

  package func contains(_ id: Digest) -> Bool { entries[id] != nil }

  /// Whether a transaction of `size` bytes sponsored by `member` would be refused; nil if not. Checked before its
  /// signatures are verified, so that a full pool costs no cryptography.
  package func refusal(member: Name, size: Int) -> Refusal? {
    if entries.count >= bounds.transactions || bytes + size > bounds.bytes {
      return .full(transactions: entries.count, bytes: bytes)
    }
    if let share = shares[member],
      share.transactions >= bounds.transactions / bounds.memberShare
        || share.bytes + size > bounds.bytes / bounds.memberShare
    {
      return .quota(member: member, transactions: share.transactions)
    }
    return nil
  }

  /// Adds a verified transaction. Adding one that is already in the pool has no effect. `included`: whether a block of
  /// the current branch contains it.
  /// - Returns: whether the transaction is new.
  @discardableResult
  package mutating func add(
    _ transaction: SignedTransaction, included: Bool = false, now: Tick
  ) throws(Refusal) -> Bool {
    guard entries[transaction.id] == nil else { return false }
    let size = transaction.bytes.count
    let sponsor = transaction.sponsor
    if let refusal = refusal(member: sponsor, size: size) { throw refusal }
    lastPlace += 1
    entries[transaction.id] = Entry(
      transaction: transaction, sponsor: sponsor, included: included, offered: now, place: lastPlace)
    order.append(Place(id: transaction.id, number: lastPlace))
    shares[sponsor, default: Share()].add(size)
    bytes += size
    if !included { waiting += 1 }
    return true
  }

  /// Marks or unmarks a transaction as contained in an executed block of the current branch.
  package mutating func setIncluded(_ id: Digest, _ included: Bool) {
    guard let index = entries.index(forKey: id), entries.values[index].included != included else { return }
    entries.values[index].included = included
    waiting += included ? -1 : 1
  }

  package mutating func remove(_ id: Digest) {
    guard let index = entries.index(forKey: id) else { return }
    let entry = entries.remove(at: index).value
    let size = entry.transaction.bytes.count
    bytes -= size
    if !entry.included { waiting -= 1 }
    if let index = shares.index(forKey: entry.sponsor) {
      shares.values[index].subtract(size)
      if shares.values[index].transactions == 0 { shares.remove(at: index) }
    }
    if order.count > 64, order.count > 2 * entries.count { compact() }
  }

  private mutating func compact() {
    order = order.filter { entry(at: $0) != nil }
  }

  /// The entry at a place, nil if it has left.
  private func entry(at place: Place) -> Entry? {
    guard let entry = entries[place.id], entry.place == place.number else { return nil }
    return entry
  }

  /// Visits the waiting transactions in order of arrival until `body` returns false.
  package func forEachWaiting(_ body: (SignedTransaction) -> Bool) {
    for place in order {
      guard let entry = entry(at: place), !entry.included else { continue }
      guard body(entry.transaction) else { return }
    }
  }

  /// Removes the transactions for which `isGone` is true and unmarks the others, because the branch that contained them
  /// has been replaced.
  package mutating func rebase(_ isGone: (Digest) -> Bool) {
    for id in order.filter({ entry(at: $0) != nil }).map(\.id) {
      if isGone(id) { remove(id) } else { setIncluded(id, false) }
    }
  }

  /// Removes the transactions that can no longer enter a block at `time` and returns their ids.
  package mutating func removeExpired(at time: Timestamp) -> [Digest] {
    let expired = order.filter { entry(at: $0).map { $0.transaction.validUntil < time } ?? false }.map(\.id)
    for id in expired { remove(id) }
    return expired
  }

  /// Waiting transactions last offered at least `interval` microseconds ago, at most `limit` of them and `byteLimit`
  /// bytes. They count as offered now.
  package mutating func nextOffers(now: Tick, interval: UInt64, limit: Int, byteLimit: Int) -> [SignedTransaction] {
    var offers: [SignedTransaction] = []
    var size = 0
    for place in order {
      guard let entry = entry(at: place), !entry.included, now.microseconds(since: entry.offered) >= interval else {
        continue
      }
      size += entry.transaction.bytes.count
      if offers.count == limit || (size > byteLimit && !offers.isEmpty) { break }
      offers.append(entry.transaction)
      entries[place.id]?.offered = now
    }
    return offers
  }

  package func checkInvariants() {
    precondition(waiting == entries.values.count { !$0.included }, "mempool counts \(waiting) waiting")
    precondition(bytes == entries.values.reduce(0) { $0 + $1.transaction.bytes.count }, "mempool counts \(bytes) bytes")
    precondition(order.count { entry(at: $0) != nil } == entries.count, "mempool order and entries differ")
    precondition(shares.values.reduce(0) { $0 + $1.transactions } == entries.count, "mempool shares do not add up")
    precondition(shares.values.reduce(0) { $0 + $1.bytes } == bytes, "the bytes of the mempool's shares do not add up")
    precondition(shares.values.allSatisfy { $0.transactions > 0 }, "the mempool keeps an empty share")
  }
}
