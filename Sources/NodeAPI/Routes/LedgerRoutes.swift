internal import Foundation
internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives
internal import Replica

/// What the ledger says as of the last final block: members, accounts, assets, records.
struct LedgerRoutes: Sendable {
  /// Collections and keys may hold anything, so both are percent-encoded.
  static let recordPath = "/v1/records/{collection}/{key}"

  let node: RoadbedNode

  func add(to router: Router<BasicRequestContext>) {
    router.get("/v1/members") { request, _ in try await members(request) }
    router.get("/v1/members/:name") { _, context in try await member(try context.name("name")) }
    router.get("/v1/assets") { request, _ in try await assets(request) }
    router.get("/v1/assets/:name") { _, context in try await asset(try context.name("name")) }
    router.get("/v1/accounts") { request, _ in try await accounts(request) }
    router.get("/v1/accounts/**") { _, context in
      try await account(try Self.account(context.parameters.getCatchAll().joined(separator: "/")))
    }
    router.get("/v1/account-history") { request, _ in try await history(request) }
    router.get(RouterPath(Self.recordPath)) { request, context in
      try await record(
        try Self.collection(try context.parameters.require("collection")), try context.parameters.require("key"),
        request)
    }
  }

  private static func account(_ text: String) throws -> AccountName {
    let decoded = text.removingPercentEncoding ?? text
    guard let account = AccountName(decoded) else {
      throw RequestError.parameter("account", decoded, allowed: "an account: member or member/path, at most 64 bytes")
    }
    return account
  }

  private static func collection(_ text: String) throws -> CollectionName {
    let decoded = text.removingPercentEncoding ?? text
    guard let collection = CollectionName(decoded) else {
      throw RequestError.parameter("collection", decoded, allowed: "a collection's name, percent-encoded")
    }
    return collection
  }

  /// A page of at most `limit` items: one more is read, to know whether there is a next page.
  private static func page<Item: Codable & Hashable & Sendable>(
    _ items: [Item], limit: Int, key: (Item) -> String
  ) -> Page<Item> {
    let shown = Array(items.prefix(limit))
    return Page(items: shown, next: items.count > limit ? shown.last.map(key) : nil)
  }

  private func after<Key>(_ request: Request, _ parse: (String) -> Key?, allowed: String) throws -> Key? {
    guard let text = request.text("after") else { return nil }
    guard let key = parse(text) else { throw RequestError.parameter("after", text, allowed: allowed) }
    return key
  }

  // MARK: Members and assets

  private func members(_ request: Request) async throws -> Response {
    let limit = try request.pageLimit
    let after = try after(request, { Name($0) }, allowed: "a member's name")
    let found = try await node.read { $0.settledMembers(after: after, limit: limit + 1) }
    return try .json(Self.page(found.map(MemberView.init), limit: limit) { $0.name.description })
  }

  private func member(_ name: Name) async throws -> Response {
    guard let member = try await node.read({ $0.settledMember(name) }) else {
      throw RequestError.unknown("member", name.description)
    }
    return try .json(MemberView(member))
  }

  private func assets(_ request: Request) async throws -> Response {
    let limit = try request.pageLimit
    let after = try after(request, { Name($0) }, allowed: "an asset's name")
    let found = try await node.read { $0.settledAssets(after: after, limit: limit + 1) }
    return try .json(Self.page(found.map(AssetView.init), limit: limit) { $0.name.description })
  }

  private func asset(_ name: Name) async throws -> Response {
    guard let asset = try await node.read({ $0.settledAsset(name) }) else {
      throw RequestError.unknown("asset", name.description)
    }
    return try .json(AssetView(asset))
  }

  // MARK: Accounts

  /// Balances shown with an account at most.
  private static let balanceLimit = 1000

  private static func view(_ account: Account, _ ledger: borrowing LedgerState) -> AccountView {
    var balances: [BalanceView] = []
    for balance in ledger.settledBalances(of: account.name, limit: balanceLimit) {
      guard let asset = ledger.settledAsset(balance.asset) else { continue }
      balances.append(BalanceView(asset: balance.asset, units: balance.amount, decimals: asset.decimals))
    }
    return AccountView(
      account: account.name, description: account.description, frozen: account.isFrozen, balances: balances)
  }

  private func accounts(_ request: Request) async throws -> Response {
    let limit = try request.pageLimit
    let after = try after(request, { AccountName($0) }, allowed: "an account's name")
    let owner = try request.text("owner").map { text in
      guard let name = Name(text) else { throw RequestError.parameter("owner", text, allowed: "a member's name") }
      return name
    }
    let found = try await node.read { ledger in
      let accounts =
        if let owner {
          ledger.settledAccounts(of: owner, after: after, limit: limit + 1)
        } else {
          ledger.settledAccounts(after: after, limit: limit + 1)
        }
      var views: [AccountView] = []
      for account in accounts { views.append(Self.view(account, ledger)) }
      return views
    }
    return try .json(Self.page(found, limit: limit) { $0.account.description })
  }

  private func account(_ name: AccountName) async throws -> Response {
    let found = try await node.read { ledger in
      ledger.settledAccount(name).map { Self.view($0, ledger) }
    }
    guard let found else { throw RequestError.unknown("account", name.description) }
    return try .json(found)
  }

  /// The transactions that named an account, newest first, from the query index.
  private func history(_ request: Request) async throws -> Response {
    let account = try Self.account(request.text("account") ?? "")
    let limit = try request.pageLimit
    guard let index = node.queryIndex else { throw Self.indexIsOff }
    let before = try request.text("before").map { text in
      let parts = text.split(separator: "-").map { UInt64($0) }
      guard parts.count == 2, let height = parts[0], let place = parts[1], let index = Int(exactly: place) else {
        throw RequestError.parameter("before", text, allowed: "the 'next' of the page before")
      }
      return IndexedPlace(height: Height(height), index: index)
    }
    let places = try index.activity(of: account, before: before, limit: limit + 1)
    var items: [HistoryEntry] = []
    for place in places.prefix(limit) {
      guard let stored = try node.store.block(at: place.height) else { continue }
      items.append(try await entry(for: account, stored, at: place))
    }
    let next = places.count > limit ? items.last.map { "\($0.height)-\($0.index)" } : nil
    return try .json(Page(items: items, next: next))
  }

  private func entry(
    for account: AccountName, _ stored: ChainStore.StoredBlock, at place: IndexedPlace
  ) async throws -> HistoryEntry {
    let transaction = SignedTransaction(stored.block.transaction(at: place.index))
    let naming = transaction.operations.lazy.filter { $0.accounts.contains(account) }
    let shown = Array(naming.prefix(HistoryEntry.shownOperations))
    let decimals = try await node.decimals(of: shown.compactMap(\.movedAsset))
    return HistoryEntry(
      id: transaction.id, height: place.height, index: place.index, blockTime: stored.block.header.timestamp,
      outcome: OutcomeView(stored.verdict.outcomes[place.index]), operationCount: transaction.operationCount,
      operations: RenderedOperation.list(shown) { decimals[$0] })
  }

  private static var indexIsOff: RequestError {
    RequestError(
      .notFound, code: "index.off", "this node keeps no query index",
      nextStep: "set 'index.enabled: true' in node.yaml and restart it, or ask another node")
  }

  // MARK: Records

  /// Versions of a record shown at most, the newest.
  private static let versionLimit: UInt64 = 1000

  private func record(_ collection: CollectionName, _ rawKey: String, _ request: Request) async throws -> Response {
    let key = rawKey.removingPercentEncoding ?? rawKey
    let withHistory = try request.flag("history")
    let found = try await node.read { ledger -> RecordView? in
      guard let latest = ledger.settledRecord(collection, key: key) else { return nil }
      var view = RecordView(collection: collection, key: key, latest: RecordVersionView(latest))
      guard withHistory else { return view }
      let oldest = latest.version > Self.versionLimit ? latest.version - Self.versionLimit + 1 : 1
      view.history = (oldest...latest.version).compactMap { version in
        ledger.settledRecord(collection, key: key, version: version).map(RecordVersionView.init)
      }
      return view
    }
    guard let found else { throw RequestError.unknown("record", "\(collection)/\(key)") }
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
  init(_ asset: Asset) {
    self.init(
      name: asset.name, issuer: asset.issuer, description: asset.description, decimals: asset.decimals,
      supply: asset.supply)
  }
}

extension RecordVersionView {
  init(_ record: RecordVersion) {
    self.init(
      version: record.version, author: record.author, contentDigest: record.content,
      metadata: record.metadata, time: record.time)
  }
}
