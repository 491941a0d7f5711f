internal import Cryptography
internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import NodeCore
internal import Primitives
internal import Replica

/// Routes for the committed chain.
struct BlockRoutes: Sendable {
  /// The bytes of blocks after which a page ends early.
  private static let pageBytes = 32 << 20

  let node: RoadbedNode

  func add(to router: RouterGroup<APIContext>) {
    router.get("/v1/blocks") { request, _ in try list(request) }
    router.get("/v1/blocks/latest") { request, _ in
      _ = try Query(request)
      return try await show(node.store.height)
    }
    router.get("/v1/blocks/:height") { request, context in
      _ = try Query(request)
      return try await show(try context.height("height"))
    }
  }

  private func show(_ height: Height) async throws -> Response {
    if height == .genesis { return try .json(try await genesis()) }
    guard let stored = try node.store.block(at: height) else {
      if height <= node.store.base { throw RequestError.pruned(height, node) }
      throw RequestError.noBlock(height, last: node.store.height)
    }
    return try .json(BlockView(stored))
  }

  /// Block 0, which contains no transactions and needed no votes.
  private func genesis() async throws -> BlockView {
    let result = try await node.read { $0.genesisResult }
    var hash = HashFunction(node.chain.suite)
    let header = node.genesis.header
    return BlockView(
      height: .genesis, digest: result.block, parent: header.parent, parentResult: header.parentResult,
      time: header.timestamp, transactionCount: 0, transactionRoot: header.transactionRoot,
      result: ResultView(result, digest: result.digest(hash: &hash)),
      view: nil, outcomes: OutcomeCounts(applied: 0, failed: 0), transactions: [])
  }

  /// Lists blocks in ascending order, from height `from` or from the first block that this node keeps, whichever is
  /// higher.
  private func list(_ request: Request) throws -> Response {
    let query = try Query(request, ["from", "limit"])
    let first = node.store.base.next ?? node.store.base
    let from = max(first.rawValue, try query.number("from", in: 0...UInt64.max, default: 1))
    let limit = try query.pageLimit
    let tip = node.store.height
    var blocks: [BlockView] = []
    var height = Height(from)
    var bytes = 0
    var hash = HashFunction(node.chain.suite)
    while blocks.count < limit, bytes < Self.pageBytes, height <= tip,
      let block = try node.store.summary(at: height), let next = height.next
    {
      blocks.append(
        BlockView(
          block.header, block.header.digest(node.chain, hash: &hash), block.execution, block.finalization,
          transactions: nil))
      bytes += block.byteCount
      height = next
    }
    let isMore = height <= tip
    return try .json(
      Page(
        items: blocks, height: max(tip, blocks.last?.height ?? tip), beginsAt: node.beginning,
        next: isMore ? "\(height)" : nil))
  }
}

extension RequestError {
  static func noBlock(_ height: Height, last: Height) -> RequestError {
    RequestError(
      .notFound, code: "block.unknown", "there is no block \(height) yet; the last is \(last)",
      nextStep: "ask for a height from 0 to \(last)")
  }

  /// A final block that this node does not keep.
  static func pruned(_ height: Height, _ node: RoadbedNode) -> RequestError {
    RequestError(
      .gone, code: "block.pruned",
      "block \(height) is final, but this node keeps only the blocks above \(node.store.base)",
      nextStep: "ask a node that keeps all blocks, or look in this node's archive")
  }
}

extension BlockView {
  init(_ stored: StoredBlock) {
    self.init(
      stored.block.header, stored.block.digest, stored.execution, stored.finalization, transactions: stored.block.ids)
  }

  init(
    _ header: BlockHeader, _ digest: Digest, _ execution: ExecutionRecord, _ finalization: Certificate?,
    transactions: [Digest]?
  ) {
    let result = execution.result
    let applied = execution.outcomes.count { $0.isApplied }
    self.init(
      height: header.height, digest: digest, parent: header.parent, parentResult: header.parentResult,
      time: header.timestamp, transactionCount: Int(header.transactionCount), transactionRoot: header.transactionRoot,
      result: ResultView(result, digest: execution.digest),
      view: finalization?.view.rawValue,
      outcomes: OutcomeCounts(applied: applied, failed: execution.outcomes.count - applied),
      transactions: transactions)
  }
}
