internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import NodeCore
internal import Primitives
internal import QueryIndex

/// The route for what changed the amounts of an account, block by block. The query index finds where, and the log says what.
struct MovementRoutes: Sendable {
  /// The greatest number of assets of an account of which the amounts are shown.
  private static let balanceLimit = 10_000

  let node: RoadbedNode
  let reads: Reads

  func add(to router: Router<APIContext>) {
    router.get("/v1/account-movements") { request, context in
      try await movements(try Query(request, ["account", "from", "to", "after", "limit"]), for: context.client)
    }
  }

  /// The movements of an account in blocks `from` to `to`, oldest first.
  private func movements(_ query: Query, for client: ClientAddress) async throws -> Response {
    guard let account = try query.value("account", { AccountName($0) }, allowed: RequestError.accountForm) else {
      throw RequestError.missingParameter("account", allowed: RequestError.accountForm)
    }
    let limit = try query.pageLimit
    let from = Height(try query.number("from", in: 1...UInt64.max, default: 1))
    let to = try query.value(
      "to", { UInt64(canonical: $0).map { Height($0) } }, allowed: "the height of the last block, a whole number")
    let after = try query.value("after", { MovementCursor($0) }, allowed: "the 'next' of the previous page")
    if let after, after.place.height < from { throw RequestError.earlierCursor(after, from) }
    // The amounts first: the index then has every movement that led to them.
    let found = after == nil ? try await reads.run(for: client) { try await balances(of: account) } : nil
    let (index, indexed) = try await node.levelIndex()
    if let found, found.height > indexed { throw RequestError.indexBehind(indexed, found.height) }
    let height = found?.height ?? indexed
    let last = to ?? height
    guard last <= height else { throw RequestError.noBlock(last, last: height) }
    guard from.rawValue <= last.rawValue &+ 1 else { throw RequestError.emptyPeriod(from, last) }
    try check(from, index)
    let scan = MovementScan(node: node, index: index, account: account, last: last, limit: limit)
    let (items, next) = try await reads.run(for: client) {
      try await scan.page(after: after?.place ?? MovementPlace(height: from, index: 0, number: -1))
    }
    return try .json(
      MovementsPage(
        items: items, height: height, balances: found?.balances, next: next.map { MovementCursor($0).description }))
  }

  private func balances(of account: AccountName) async throws -> (balances: [BalanceView], height: Height) {
    let limit = Self.balanceLimit
    let found = try await node.read { ledger in
      ledger.account(account).map { _ in
        (LedgerRoutes.balances(of: account, ledger, limit: limit + 1), ledger.point.height)
      }
    }
    guard let found else { throw RequestError.unknown("account", account.description) }
    guard found.0.count <= limit else { throw RequestError.tooManyAssets(account, limit: limit) }
    return found
  }

  /// Throws if the node cannot say everything about the blocks from `first` on.
  private func check(_ first: Height, _ index: QueryIndex) throws {
    let base = node.store.base
    guard first > base else { throw RequestError.pruned(first, node) }
    guard let known = index.holdsFrom, first > known else {
      throw RequestError.holdsUnknown(first, knownAbove: index.holdsFrom)
    }
  }
}

extension RequestError {
  fileprivate static func emptyPeriod(_ from: Height, _ to: Height) -> RequestError {
    RequestError(
      .badRequest, code: "request.parameter", "'from' is \(from), which is after 'to', \(to)",
      nextStep: "give a 'from' that is at most one above 'to'")
  }

  fileprivate static func earlierCursor(_ after: MovementCursor, _ from: Height) -> RequestError {
    RequestError(
      .badRequest, code: "request.parameter", "'after' is \(after), which is before 'from', \(from)",
      nextStep: "give the 'next' of a page with the same 'from'")
  }

  fileprivate static func holdsUnknown(_ first: Height, knownAbove known: Height?) -> RequestError {
    let from = known.map { "it follows the holds only above block \($0)" } ?? "it does not know which holds were open"
    return RequestError(
      .gone, code: "index.holds-unknown",
      "this node's query index begins above the first block, and \(from), so it cannot say what holds gave back from "
        + "block \(first) on",
      nextStep: known.map { "ask for blocks above \($0), or ask a node that keeps all blocks" }
        ?? "ask a node that keeps all blocks")
  }

  fileprivate static func tooManyAssets(_ account: AccountName, limit: Int) -> RequestError {
    RequestError(
      .unprocessableContent, code: "movements.too-many-assets",
      "\(account) has amounts of more than \(limit) assets, which is more than an answer shows",
      nextStep: "spread its assets over several accounts, or read its history")
  }
}
