internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives

/// The route for the open holds as of the last final block, the first to expire first.
struct HoldRoutes: Sendable {
  let node: RoadbedNode

  func add(to router: RouterGroup<APIContext>) {
    router.get("/v1/holds") { request, _ in try await holds(request) }
  }

  private func holds(_ request: Request) async throws -> Response {
    let query = try Query(request, ["account", "from", "to", "reference", "expiresBefore", "after", "limit"])
    let limit = try query.pageLimit
    let after = try query.value("after", { HoldCursor($0) }, allowed: "the 'next' of the previous page")
    let end = try query.value(
      "expiresBefore", { Timestamp(iso8601: $0) }, allowed: "a time in UTC such as 2031-07-21T09:30:00.000Z")
    let filter = try HoldFilter(query)
    if let name = filter.account, try await node.read({ $0.account(name) }) == nil {
      throw RequestError.unknown("account", name.description)
    }
    return try .json(
      try await node.read { ledger in
        Self.page(ledger, filter, after: after?.position, before: end, limit: limit)
      })
  }

  /// One more hold than the page shows is read, to find out whether there is a next page.
  private static func page(
    _ ledger: borrowing LedgerView, _ filter: HoldFilter, after position: HoldPosition?, before end: Timestamp?,
    limit: Int
  ) -> Page<HoldView> {
    let found = filter.holds(ledger, after: position, limit: limit + 1)
      .prefix { hold in end.map { hold.expires < $0 } ?? true }
    var items: [HoldView] = []
    for hold in found.prefix(limit) {
      guard let asset = ledger.asset(hold.asset) else { continue }
      items.append(HoldView(hold, decimals: asset.decimals))
    }
    return Page(
      items: items, height: ledger.point.height,
      next: found.count > limit ? items.last.map { HoldCursor($0).description } : nil)
  }
}

extension HoldFilter {
  fileprivate init(_ query: Query) throws {
    func account(_ parameter: String) throws -> AccountName? {
      try query.value(parameter, { AccountName($0) }, allowed: RequestError.accountForm)
    }
    let (either, from, to) = (try account("account"), try account("from"), try account("to"))
    let reference = try query.value("reference", { HoldReference($0) }, allowed: RequestError.holdReferenceForm)
    guard [either, from, to].count(where: { $0 != nil }) <= 1 else { throw RequestError.severalAccounts }
    if let reference {
      guard let from else { throw RequestError.referenceWithoutPayer }
      self = .reference(reference, from: from)
    } else if let from {
      self = .from(from)
    } else if let to {
      self = .to(to)
    } else {
      self = either.map { .account($0) } ?? .all
    }
  }

  /// The account that must exist.
  fileprivate var account: AccountName? {
    switch self {
    case .all: nil
    case .account(let name), .from(let name), .to(let name), .reference(_, from: let name): name
    }
  }

  /// At most `limit` holds after `position`.
  fileprivate func holds(_ ledger: borrowing LedgerView, after position: HoldPosition?, limit: Int) -> [Hold] {
    switch self {
    case .all: return ledger.holds(.all, after: position, limit: limit)
    case .from(let name): return ledger.holds(.from(name), after: position, limit: limit)
    case .to(let name): return ledger.holds(.to(name), after: position, limit: limit)
    case .account(let name):
      // Payer and payee differ, so no hold is in both lists.
      let both =
        ledger.holds(.from(name), after: position, limit: limit)
        + ledger.holds(.to(name), after: position, limit: limit)
      return Array(both.sorted { HoldPosition($0) < HoldPosition($1) }.prefix(limit))
    case .reference(let reference, let from):
      guard let hold = ledger.hold(from, reference), position.map({ $0 < HoldPosition(hold) }) ?? true else {
        return []
      }
      return [hold]
    }
  }
}

extension RequestError {
  fileprivate static let severalAccounts = RequestError(
    .badRequest, code: "request.parameter", "more than one of 'account', 'from' and 'to' is given",
    nextStep: "give one of them; 'account' stands for both sides")

  fileprivate static let referenceWithoutPayer = RequestError(
    .badRequest, code: "request.parameter", "'reference' is given without 'from'",
    nextStep: "give the payer's account as from: a reference distinguishes the holds of one payer")
}
