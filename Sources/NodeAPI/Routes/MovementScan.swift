internal import Ledger
internal import LedgerJSON
internal import Node
internal import NodeCore
internal import Primitives
internal import QueryIndex
internal import Replica

/// Collects one page of the movements of an account: those of transactions that name it, and the returns of its expired
/// holds, in the order of the chain.
struct MovementScan: Sendable {
  /// The bytes of blocks after which a page ends early.
  private static let pageBytes = 16 << 20

  let node: RoadbedNode
  let index: QueryIndex
  let account: AccountName
  /// The last block.
  let last: Height
  let limit: Int

  private struct Page {
    var movements: [Movement] = []
    /// The last place that was looked at.
    var reached: MovementPlace?
    /// Whether the transaction there has operations that were not looked at.
    var isInside = false
    var bytes = 0
    var block: StoredBlock?
  }

  /// The movements after a place, and the place to go on after; nil if there is nothing more.
  func page(after start: MovementPlace) async throws -> (items: [MovementView], next: MovementPlace?) {
    // Transactions without a movement count too, so that a page does not look at more than it may show.
    let first =
      start.index.map { IndexedPlace(height: start.height, index: $0) }
      ?? IndexedPlace(height: start.height.next ?? start.height, index: 0)
    // The transaction in which the page before ended may have nothing more, so it does not count.
    let room = start.index == nil ? limit : limit + 1
    var places = try index.activity(of: account, from: first, through: last, limit: room + 1)[...]
    var expiries = try index.expiries(
      of: account, after: start.height, start.index == nil ? start.number : -1, through: last, limit: limit + 1)[...]
    let hasMorePlaces = places.count > room
    if hasMorePlaces { places.removeLast() }
    var page = Page()
    while page.movements.count < limit, !page.isInside {
      let place = places.first.map { MovementPlace(height: $0.height, index: $0.index, number: 0) }
      // A place that is not known yet may come before the next expiry.
      if place == nil, hasMorePlaces { break }
      guard let next = [place, expiries.first?.place].compactMap(\.self).min() else { break }
      guard let block = try block(at: next.height, &page) else { break }
      guard let index = next.index else {
        add(expiries.removeFirst(), block, to: &page)
        continue
      }
      places.removeFirst()
      let done = next.height == start.height && index == start.index ? start.number + 1 : 0
      try add(block, index, from: done, to: &page)
    }
    let isMore = hasMorePlaces || !places.isEmpty || !expiries.isEmpty || page.isInside
    let decimals = try await node.decimals(of: page.movements.map(\.asset))
    let views = page.movements.map { MovementView($0, decimals: decimals[$0.asset] ?? 0) }
    return (views, isMore ? page.reached : nil)
  }

  /// The block of a height; nil if the page has read enough.
  private func block(at height: Height, _ page: inout Page) throws -> StoredBlock? {
    if let block = page.block, block.block.height == height { return block }
    guard page.bytes < Self.pageBytes else { return nil }
    guard let block = try node.store.block(at: height) else { throw RequestError.pruned(height, node) }
    page.bytes += block.block.bytes.count
    page.block = block
    return block
  }

  private func add(_ expiry: IndexedExpiry, _ stored: StoredBlock, to page: inout Page) {
    page.movements.append(
      Movement(
        returning: expiry.amount, of: expiry.asset, heldFor: expiry.to, expiry.reference, at: expiry.place,
        stored.block.header.timestamp))
    page.reached = expiry.place
  }

  /// Adds the movements by a transaction's operations, beginning with `first`, as far as the page has room.
  private func add(_ stored: StoredBlock, _ index: Int, from first: Int, to page: inout Page) throws {
    let transaction = SignedTransaction(stored.block.transaction(at: index))
    let height = stored.block.height
    guard stored.execution.outcomes[index].isApplied else {
      page.reached = MovementPlace(height: height, index: index, number: transaction.operationCount - 1)
      return
    }
    let operations = transaction.operations
    let endsHolds = operations.contains { $0.returnsHold == account }
    let returned =
      endsHolds ? try self.index.returns(to: account, by: IndexedPlace(height: height, index: index)) : [:]
    for number in min(first, operations.count)..<operations.count {
      if page.movements.count == limit {
        page.isInside = true
        return
      }
      let place = MovementPlace(height: height, index: index, number: number)
      let movement = Movement(
        of: account, by: operations[number], at: place, stored.block.header.timestamp, transaction.id,
        returned: returned[number])
      if let movement { page.movements.append(movement) }
      page.reached = place
    }
  }
}
