package import Ledger
package import Primitives

/// Verified transactions that wait for a block, in order of arrival.
///
/// The pool is bounded in number and bytes, with a share of both for each sponsoring member, so that one client cannot
/// crowd out the others (attack N3). A transaction stays until it is final or expired: if it is in a block that is not
/// final yet, it is only marked, because that block may be given up. One
/// that cannot follow such a block is set aside until the block is final or given up: it counts, but nothing that looks
/// for waiting transactions meets it.
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
    var isAside = false
    var offered: Tick
    /// Its place in `order` or `aside`. A transaction that left and came back has a new place.
    var place: UInt64

    var isWaiting: Bool { !included && !isAside }
  }

  private struct Place {
    var id: Digest
    var number: UInt64
    /// The height of the state that ruled the transaction out, if it is set aside.
    var height = Height.genesis
  }

  /// The member who sponsors the most bytes in the pool, and what it sponsors.
  package struct LargestShare: Equatable, Sendable {
    package var member: Name
    package var transactions: Int
    package var bytes: Int

    package init(member: Name, transactions: Int, bytes: Int) {
      self.member = member
      self.transactions = transactions
      self.bytes = bytes
    }
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
  /// All transactions in front of this index of `order` left.
  private var first = 0
  /// The transactions that are set aside, by ascending height, and those that were until lately.
  private var aside: [Place] = []
  private var asideCount = 0
  private var lastPlace: UInt64 = 0
  /// The place of the transaction that was offered last.
  private var lastOffered: UInt64 = 0
  private var shares: [Name: Share] = [:]
  package private(set) var bytes = 0
  /// The number of transactions that no block of the current branch contains yet.
  package private(set) var waiting = 0

  package init(bounds: Bounds = Bounds()) {
    self.bounds = bounds
  }

  package var count: Int { entries.count }

  /// Nil if the pool is empty. Looks at every member with a share.
  package var largestShare: LargestShare? {
    shares.max { ($0.value.bytes, $0.key) < ($1.value.bytes, $1.key) }.map {
      LargestShare(member: $0, transactions: $1.transactions, bytes: $1.bytes)
    }
  }

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
    let place = newPlace(of: transaction.id)
    entries[transaction.id] = Entry(
      transaction: transaction, sponsor: sponsor, included: included, offered: now, place: place.number)
    order.append(place)
    shares[sponsor, default: Share()].add(size)
    bytes += size
    if !included { waiting += 1 }
    return true
  }

  private mutating func newPlace(of id: Digest, at height: Height = .genesis) -> Place {
    lastPlace += 1
    return Place(id: id, number: lastPlace, height: height)
  }

  /// Marks or unmarks a transaction as contained in an executed block of the current branch.
  package mutating func setIncluded(_ id: Digest, _ included: Bool) {
    if asideCount > 0 { putBack(id) }
    guard let index = entries.index(forKey: id), entries.values[index].included != included else { return }
    entries.values[index].included = included
    waiting += included ? -1 : 1
  }

  package mutating func remove(_ id: Digest) {
    guard let index = entries.index(forKey: id) else { return }
    let entry = entries.remove(at: index).value
    let size = entry.transaction.bytes.count
    bytes -= size
    if entry.isWaiting { waiting -= 1 }
    if entry.isAside { asideCount -= 1 }
    if let index = shares.index(forKey: entry.sponsor) {
      shares.values[index].subtract(size)
      if shares.values[index].transactions == 0 { shares.remove(at: index) }
    }
    tidy()
  }

  /// Forgets the places of those that left: in front at once, elsewhere when they are more than half.
  private mutating func tidy() {
    while first < order.count, entry(at: order[first]) == nil { first += 1 }
    guard order.count > 64, order.count > 2 * (entries.count - asideCount) else { return }
    order = order.filter { entry(at: $0) != nil }
    first = 0
  }

  /// The entry at a place, nil if it has left.
  private func entry(at place: Place) -> Entry? {
    guard let entry = entries[place.id], entry.place == place.number else { return nil }
    return entry
  }

  /// Visits the waiting transactions in order of arrival until `body` returns false.
  package func forEachWaiting(_ body: (SignedTransaction) -> Bool) {
    for place in order[first...] {
      guard let entry = entry(at: place), !entry.included else { continue }
      guard body(entry.transaction) else { return }
    }
  }

  // MARK: Setting aside

  /// Sets a waiting transaction aside that the state after the block at `height` rules out.
  package mutating func setAside(_ id: Digest, at height: Height) {
    guard let index = entries.index(forKey: id), entries.values[index].isWaiting else { return }
    let place = newPlace(of: id, at: height)
    entries.values[index].isAside = true
    entries.values[index].place = place.number
    aside.append(place)
    asideCount += 1
    waiting -= 1
    tidy()
  }

  /// Lets a transaction wait again if it was set aside, behind those that wait already.
  private mutating func putBack(_ id: Digest) {
    guard let index = entries.index(forKey: id), entries.values[index].isAside else { return }
    let place = newPlace(of: id)
    entries.values[index].isAside = false
    entries.values[index].place = place.number
    order.append(place)
    asideCount -= 1
    waiting += 1
  }

  /// Lets everything that was set aside wait again, because the blocks that ruled it out may have been given up.
  package mutating func putAllBack() {
    for place in aside where entry(at: place) != nil { putBack(place.id) }
    aside.removeAll(keepingCapacity: true)
  }

  /// Ends the setting aside up to `height`, which is final now: removes the transactions that still are `isRuledOut`,
  /// and lets the others wait again. Returns the ids of those that it removed.
  package mutating func decideAside(
    through height: Height, _ isRuledOut: (borrowing SignedTransaction) -> Bool
  ) -> [Digest] {
    let decided = aside.prefix { $0.height <= height }
    aside.removeFirst(decided.count)
    var gone: [Digest] = []
    for place in decided {
      guard let entry = entry(at: place) else { continue }
      if isRuledOut(entry.transaction) { gone.append(place.id) } else { putBack(place.id) }
    }
    for id in gone { remove(id) }
    return gone
  }

  // MARK: Other states and times

  /// Removes the transactions for which `isGone` is true and unmarks the others, because the branch that contained them
  /// has been replaced.
  package mutating func rebase(_ isGone: (Digest) -> Bool) {
    putAllBack()
    for id in order.filter({ entry(at: $0) != nil }).map(\.id) {
      if isGone(id) { remove(id) } else { setIncluded(id, false) }
    }
  }

  /// Removes the transactions that can no longer enter a block at `time` and returns their ids.
  package mutating func removeExpired(at time: Timestamp) -> [Digest] {
    let expired = (order[first...] + aside).filter { entry(at: $0).map { $0.transaction.validUntil < time } ?? false }
      .map(\.id)
    for id in expired { remove(id) }
    return expired
  }

  /// Waiting transactions last offered at least `interval` microseconds ago, at most `limit` of them and `byteLimit`
  /// bytes. They count as offered now, and all others have their turn before them.
  package mutating func nextOffers(now: Tick, interval: UInt64, limit: Int, byteLimit: Int) -> [SignedTransaction] {
    var offers: [SignedTransaction] = []
    var size = 0
    let behind = order[first...].firstIndex { $0.number > lastOffered } ?? order.endIndex
    for place in [order[behind...], order[first..<behind]].joined() {
      guard let entry = entry(at: place), !entry.included, now.microseconds(since: entry.offered) >= interval else {
        continue
      }
      size += entry.transaction.bytes.count
      if offers.count == limit || (size > byteLimit && !offers.isEmpty) { break }
      offers.append(entry.transaction)
      entries[place.id]?.offered = now
      lastOffered = place.number
    }
    return offers
  }

  package func checkInvariants() {
    precondition(waiting == entries.values.count { $0.isWaiting }, "mempool counts \(waiting) waiting")
    precondition(bytes == entries.values.reduce(0) { $0 + $1.transaction.bytes.count }, "mempool counts \(bytes) bytes")
    let live = order[first...].count { entry(at: $0) != nil }
    precondition(live + asideCount == entries.count, "mempool order and entries differ")
    precondition(aside.count { entry(at: $0) != nil } == asideCount, "mempool counts \(asideCount) set aside")
    precondition(shares.values.reduce(0) { $0 + $1.transactions } == entries.count, "mempool shares do not add up")
    precondition(shares.values.reduce(0) { $0 + $1.bytes } == bytes, "the bytes of the mempool's shares do not add up")
    precondition(shares.values.allSatisfy { $0.transactions > 0 }, "the mempool keeps an empty share")
  }
}
