internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import NodeCore
internal import Primitives
internal import QueryIndex
internal import Replica

/// The route for the history of an account, which comes from the query index.
struct HistoryRoutes: Sendable {
  /// The bytes of blocks after which a page ends early.
  private static let pageBytes = 16 << 20

  let node: RoadbedNode
  let reads: Reads

  func add(to router: Router<APIContext>) {
    router.get("/v1/account-history") { request, context in
      try await history(try Query(request, ["account", "before", "limit"]), for: context.client)
    }
  }

  /// The transactions that name an account, newest first.
  private func history(_ query: Query, for client: ClientAddress) async throws -> Response {
    guard let account = try query.value("account", { AccountName($0) }, allowed: RequestError.accountForm) else {
      throw RequestError.missingParameter("account", allowed: RequestError.accountForm)
    }
    let limit = try query.pageLimit
    let before = try query.value("before", { HistoryCursor($0) }, allowed: "the 'next' of the previous page")
    // Outside the gate: waiting for the index takes nothing from others.
    let (index, height) = try await node.levelIndex()
    return try await reads.run(for: client) { try await page(of: account, before, limit, index, height) }
  }

  private func page(
    of account: AccountName, _ before: HistoryCursor?, _ limit: Int, _ index: QueryIndex, _ height: Height
  ) async throws -> Response {
    let places = try index.activity(
      of: account, before: before.map { IndexedPlace(height: $0.height, index: $0.index) }, limit: limit + 1)
    if places.isEmpty, before == nil, try await node.read({ $0.account(account) }) == nil {
      throw RequestError.unknown("account", account.description)
    }
    // The index may still contain blocks that are no longer in the log; they cannot be shown.
    let base = node.store.base
    let kept = places.prefix { $0.height > base }
    var items: [HistoryEntry] = []
    var bytes = 0
    var block: StoredBlock?
    for place in kept.prefix(limit) {
      if block?.block.height != place.height {
        guard bytes < Self.pageBytes else { break }
        block = try node.store.block(at: place.height)
        bytes += block?.block.bytes.count ?? 0
      }
      guard let block else { throw RequestError.pruned(place.height, node) }
      items.append(try await entry(for: account, block, at: place))
    }
    let next = kept.count > items.count ? items.last.map { HistoryCursor(height: $0.height, index: $0.index) } : nil
    return try .json(
      Page(
        items: items, height: height, beginsAt: node.beginning, next: next?.description))
  }

  private func entry(
    for account: AccountName, _ stored: StoredBlock, at place: IndexedPlace
  ) async throws -> HistoryEntry {
    let transaction = SignedTransaction(stored.block.transaction(at: place.index))
    let naming = transaction.operations.lazy.filter { $0.touched.names(account) }
    let shown = Array(naming.prefix(HistoryEntry.shownOperations))
    let decimals = try await node.decimals(of: shown.compactMap(\.touched.movedAsset))
    return HistoryEntry(
      id: transaction.id, height: place.height, index: place.index, blockTime: stored.block.header.timestamp,
      outcome: try await node.explain(stored.execution.outcomes[place.index], of: transaction.operations),
      operationCount: transaction.operationCount,
      operations: RenderedOperation.list(shown) { decimals[$0] })
  }
}
