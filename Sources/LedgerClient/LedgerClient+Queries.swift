public import Ledger
public import LedgerJSON
public import Primitives

/// Queries, which nodes answer from their settled state. Lists come in pages: pass a page's `next` to get the following
/// one.
extension LedgerClient {
  // MARK: The node and the chain

  public func status() async throws(ClientError) -> NodeStatus {
    try await send(Call("status")).value()
  }

  /// Whether the node is healthy, and if not, why. That a node is unhealthy is an answer, not an error.
  public func health() async throws(ClientError) -> HealthView {
    var call = Call("health")
    call.takesBusy = true
    let answer = try await send(call)
    return answer.response.status == 503
      ? try answer.decode(answer.response.body) : try answer.value()
  }

  /// The chain that the node says it belongs to. Sign only for a chain whose genesis you obtained from another source.
  public func chain() async throws(ClientError) -> ChainView { try await status().chain }

  /// The genesis of the chain according to the node. To prove anything, compare its digest with what the members agreed
  /// on.
  public func genesis() async throws(ClientError) -> Genesis {
    let answer = try await send(Call("genesis"))
    let bytes = try answer.body()
    do throws(DocumentError) {
      return try GenesisDocument.parse(bytes, document: "\(answer.node)/v1/genesis")
    } catch {
      throw .document(error)
    }
  }

  /// The validators that decide about the next block.
  public func validators() async throws(ClientError) -> ValidatorsView {
    try await send(Call("validators")).value()
  }

  /// The nodes of the chain's directory that are no validators.
  public func observers() async throws(ClientError) -> Page<ObserverView> {
    try await send(Call("observers")).value()
  }

  /// The vote key that the chain can name next for the answering node. With several nodes, any may answer.
  public func voteKey() async throws(ClientError) -> VoteKeyView {
    try await send(Call("vote-key")).value()
  }

  // MARK: Blocks

  public func latestBlock() async throws(ClientError) -> BlockView {
    try await send(Call("blocks/latest")).value()
  }

  public func block(_ height: Height) async throws(ClientError) -> BlockView {
    try await send(Call("blocks/\(height)")).value()
  }

  /// Blocks in ascending order from `from`, or from the first one, without the ids of their transactions.
  public func blocks(from: Height? = nil, limit: Int? = nil) async throws(ClientError) -> Page<BlockView> {
    try await send(Call("blocks", [("from", from.map { "\($0)" }), ("limit", limit.map(String.init))])).value()
  }

  // MARK: The ledger

  public func member(_ name: Name) async throws(ClientError) -> MemberView {
    try await send(Call("members/\(name)")).value()
  }

  public func members(after: String? = nil, limit: Int? = nil) async throws(ClientError) -> Page<MemberView> {
    try await list("members", after, limit)
  }

  public func account(_ name: AccountName) async throws(ClientError) -> AccountView {
    try await send(Call("accounts/\(name)")).value()
  }

  /// All accounts, or those of one member.
  public func accounts(
    of owner: Name? = nil, after: String? = nil, limit: Int? = nil
  ) async throws(ClientError) -> Page<AccountView> {
    let query = [("owner", owner.map { "\($0)" }), ("after", after), ("limit", limit.map(String.init))]
    return try await send(Call("accounts", query)).value()
  }

  /// The transactions that name an account, newest first.
  public func history(
    of account: AccountName, before: String? = nil, limit: Int? = nil
  ) async throws(ClientError) -> Page<HistoryEntry> {
    let query = [("account", "\(account)"), ("before", before), ("limit", limit.map(String.init))]
    return try await send(Call("account-history", query)).value()
  }

  /// What changed the amounts of an account in the blocks `from` to `to`, oldest first. Without `to`, up to the newest; the
  /// first page then has the balances after it.
  public func movements(
    of account: AccountName, from: Height? = nil, to: Height? = nil, after: String? = nil, limit: Int? = nil
  ) async throws(ClientError) -> MovementsPage {
    let query = [
      ("account", "\(account)"), ("from", from.map { "\($0)" }), ("to", to.map { "\($0)" }), ("after", after),
      ("limit", limit.map(String.init)),
    ]
    return try await send(Call("account-movements", query)).value()
  }

  /// Open holds, the first to expire first; only those that expire before a time, if one is given.
  public func holds(
    _ filter: HoldFilter = .all, expiresBefore: Timestamp? = nil, after: String? = nil, limit: Int? = nil
  ) async throws(ClientError) -> Page<HoldView> {
    let query = [("expiresBefore", expiresBefore?.iso8601), ("after", after), ("limit", limit.map(String.init))]
    return try await send(Call("holds", filter.query + query)).value()
  }

  public func asset(_ name: Name) async throws(ClientError) -> AssetView {
    try await send(Call("assets/\(name)")).value()
  }

  public func assets(after: String? = nil, limit: Int? = nil) async throws(ClientError) -> Page<AssetView> {
    try await list("assets", after, limit)
  }

  /// The settings of the chain as a whole.
  public func parameters() async throws(ClientError) -> ParametersView {
    try await send(Call("parameters")).value()
  }

  /// A record's latest version, and with `history` the earlier ones too.
  public func record(
    _ collection: CollectionName, key: String, history: Bool = false
  ) async throws(ClientError) -> RecordView {
    let path = "records/\(Call.record(collection, key))"
    return try await send(Call(path, [("history", history ? "true" : nil)])).value()
  }

  private func list<Item>(
    _ path: String, _ after: String?, _ limit: Int?
  ) async throws(ClientError)
    -> Page<Item>
  {
    try await send(Call(path, [("after", after), ("limit", limit.map(String.init))])).value()
  }

  // MARK: Amounts

  /// The decimals of those `assets` that exist.
  public func decimals(of assets: [Name]) async throws(ClientError) -> [Name: UInt8] {
    var decimals: [Name: UInt8] = [:]
    for name in assets where decimals[name] == nil {
      do throws(ClientError) {
        decimals[name] = try await asset(name).decimals
      } catch {
        guard error.isNotFound else { throw error }
      }
    }
    return decimals
  }

  /// The operations of a file, with amounts scaled by the assets' decimals according to the node.
  public func operations(of document: OperationsDocument) async throws(ClientError) -> [Operation] {
    let decimals = try await decimals(of: document.assetsToLookUp)
    do throws(DocumentError) {
      return try document.operations { decimals[$0] }
    } catch {
      throw .document(error)
    }
  }
}

extension HoldFilter {
  fileprivate var query: [(name: String, value: String?)] {
    switch self {
    case .all: []
    case .account(let name): [("account", "\(name)")]
    case .from(let name): [("from", "\(name)")]
    case .to(let name): [("to", "\(name)")]
    case .reference(let reference, let from): [("from", "\(from)"), ("reference", "\(reference)")]
    }
  }
}
