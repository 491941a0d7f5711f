internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives
internal import Replica

/// Routes for the ledger as of the last final block: parameters, members, accounts, assets.
struct LedgerRoutes: Sendable {
  let node: RoadbedNode

  func add(to router: RouterGroup<APIContext>) {
    router.get("/v1/parameters") { request, _ -> Response in
      _ = try Query(request)
      return try .json(try await node.read { ParametersView($0.parameters, $0.configuration, $0.point) })
    }
    router.get("/v1/members") { request, _ in try await members(request) }
    router.get("/v1/members/:name") { request, context in
      _ = try Query(request)
      return try await member(try context.name("name"))
    }
    router.get("/v1/assets") { request, _ in try await assets(request) }
    router.get("/v1/assets/:name") { request, context in
      _ = try Query(request)
      return try await asset(try context.name("name"))
    }
    router.get("/v1/accounts") { request, _ in try await accounts(request) }
    router.get("/v1/accounts/**") { request, context in
      _ = try Query(request)
      return try await account(try context.account())
    }
  }

  /// A page of a list as of one height. One more item than the page shows is read, to find out whether there is a next
  /// page.
  private func page<Item: Codable & Hashable & Sendable>(
    limit: Int, key: (Item) -> String, _ items: @escaping @Sendable (borrowing LedgerView) -> [Item]
  ) async throws -> Response {
    let (found, height) = try await node.read { ledger in (items(ledger), ledger.point.height) }
    return try page(Array(found.prefix(limit)), isMore: found.count > limit, height, key: key)
  }

  private func page<Item: Codable & Hashable & Sendable>(
    _ items: [Item], isMore: Bool, _ height: Height, key: (Item) -> String
  ) throws -> Response {
    try .json(Page(items: items, height: height, next: isMore ? items.last.map(key) : nil))
  }

  // MARK: Members and assets

  private static let listed = ["after", "limit"]

  private func members(_ request: Request) async throws -> Response {
    let query = try Query(request, Self.listed)
    let limit = try query.pageLimit
    let after = try query.value("after", { Name($0) }, allowed: "a member's name")
    return try await page(limit: limit, key: { $0.name.description }) {
      $0.members(after: after, limit: limit + 1).map(MemberView.init)
    }
  }

  private func member(_ name: Name) async throws -> Response {
    guard let member = try await node.read({ $0.member(name) }) else {
      throw RequestError.unknown("member", name.description)
    }
    return try .json(MemberView(member))
  }

  private func assets(_ request: Request) async throws -> Response {
    let query = try Query(request, Self.listed)
    let limit = try query.pageLimit
    let after = try query.value("after", { Name($0) }, allowed: "an asset's name")
    return try await page(limit: limit, key: { $0.name.description }) {
      Self.views($0.assets(after: after, limit: limit + 1), $0)
    }
  }

  private func asset(_ name: Name) async throws -> Response {
    let views = try await node.read { ledger in
      guard let asset = ledger.asset(name) else { return [AssetView]() }
      return Self.views([asset], ledger)
    }
    guard let view = views.first else { throw RequestError.unknown("asset", name.description) }
    return try .json(view)
  }

  private static func views(_ assets: [Asset], _ ledger: borrowing LedgerView) -> [AssetView] {
    var views: [AssetView] = []
    for asset in assets { views.append(AssetView(asset, ledger.terms(ofAsset: asset.name) ?? AssetTerms())) }
    return views
  }

  // MARK: Accounts

  /// The greatest number of balances shown with an account.
  private static let balanceLimit = 1000
  /// The number of balances after which a page of accounts ends early.
  private static let pageBalances = 10_000

  private static func view(_ account: Account, _ ledger: borrowing LedgerView) -> AccountView {
    AccountView(
      account: account.name, description: account.description, frozen: account.isFrozen,
      balances: balances(of: account.name, ledger, limit: balanceLimit))
  }

  /// What is available and what is held, of the first assets by name.
  static func balances(of account: AccountName, _ ledger: borrowing LedgerView, limit: Int) -> [BalanceView] {
    var amounts: [Name: (available: Amount, held: Amount)] = [:]
    for balance in ledger.balances(of: account, limit: limit) {
      amounts[balance.asset, default: (.zero, .zero)].available = balance.amount
    }
    for balance in ledger.held(from: account, limit: limit) {
      amounts[balance.asset, default: (.zero, .zero)].held = balance.amount
    }
    var views: [BalanceView] = []
    for (name, amount) in amounts.sorted(by: { $0.key < $1.key }).prefix(limit) {
      guard let asset = ledger.asset(name) else { continue }
      views.append(
        BalanceView(asset: name, units: amount.available, held: amount.held, decimals: asset.decimals))
    }
    return views
  }

  private func accounts(_ request: Request) async throws -> Response {
    let query = try Query(request, Self.listed + ["owner"])
    let limit = try query.pageLimit
    let after = try query.value("after", { AccountName($0) }, allowed: "an account's name")
    let owner = try query.value("owner", { Name($0) }, allowed: "a member's name")
    if let owner, try await node.read({ $0.member(owner) }) == nil {
      throw RequestError.unknown("member", owner.description)
    }
    let (views, isMore, height) = try await node.read { ledger in
      let accounts =
        if let owner {
          ledger.accounts(of: owner, after: after, limit: limit + 1)
        } else {
          ledger.accounts(after: after, limit: limit + 1)
        }
      var views: [AccountView] = []
      var balances = 0
      for account in accounts.prefix(limit) where balances < Self.pageBalances {
        let view = Self.view(account, ledger)
        balances += view.balances.count
        views.append(view)
      }
      return (views, views.count < accounts.count, ledger.point.height)
    }
    return try page(views, isMore: isMore, height) { $0.account.description }
  }

  private func account(_ name: AccountName) async throws -> Response {
    let found = try await node.read { ledger in
      ledger.account(name).map { Self.view($0, ledger) }
    }
    guard let found else { throw RequestError.unknown("account", name.description) }
    return try .json(found)
  }
}

extension MemberView {
  init(_ member: Member) {
    self.init(
      name: member.name, description: member.description, authority: member.authority,
      suspension: member.suspension)
  }
}

extension AssetView {
  init(_ asset: Asset, _ terms: AssetTerms) {
    self.init(
      name: asset.name, issuer: asset.issuer, description: asset.description, decimals: asset.decimals,
      supply: asset.supply, terms: terms)
  }
}
