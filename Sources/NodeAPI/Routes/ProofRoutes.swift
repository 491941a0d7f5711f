internal import Cryptography
internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives

/// Routes for proofs of the state: one path for each kind of entry. That there is no such entry is an answer too.
struct ProofRoutes: Sendable {
  static let collectionPath = "/v1/proofs/collections/{collection}"
  static let holdPath = "/v1/proofs/holds/{reference}/**"
  static let recordPath = "/v1/proofs/records/{collection}/{key}"

  let node: RoadbedNode
  let reads: Reads

  func add(to router: Router<APIContext>) {
    add("/v1/proofs/parameters", to: router) { _ in .parameters }
    add("/v1/proofs/configuration", to: router) { _ in .configuration }
    add("/v1/proofs/nodes/:name", to: router) { .node(try $0.name("name")) }
    add("/v1/proofs/key-changes/:name", to: router) { .keyChange(try $0.name("name")) }
    add("/v1/proofs/members/:name", to: router) { .member(try $0.name("name")) }
    add("/v1/proofs/assets/:name", to: router) { .asset(try $0.name("name")) }
    add("/v1/proofs/asset-terms/:name", to: router) { .assetTerms(try $0.name("name")) }
    add("/v1/proofs/accounts/**", to: router) { .account(try $0.account()) }
    add("/v1/proofs/balances/:asset/**", to: router) { .balance(try $0.account(), asset: try $0.name("asset")) }
    add(Self.holdPath, to: router) { .hold(try $0.account(), try $0.holdReference()) }
    add(Self.collectionPath, to: router) { .collection(try $0.collection()) }
    add("/v1/proofs/remembered/:height/:group", to: router) {
      .remembered(Height(try $0.number("height")), group: try $0.number("group"))
    }
    router.get(RouterPath(Self.recordPath)) { request, context in
      _ = try Query(request)
      return try await prove(.record(try context.collection(), key: try context.recordKey()), for: context.client)
    }
  }

  /// Adds a path without query parameters.
  private func add(
    _ path: String, to router: Router<APIContext>, _ key: @escaping @Sendable (APIContext) throws -> StateKey
  ) {
    router.get(RouterPath(path)) { request, context in
      _ = try Query(request)
      return try await prove(try key(context), for: context.client)
    }
  }

  private func prove(_ key: StateKey, for client: ClientAddress) async throws -> Response {
    .document(
      try await ProofAttempts.file(
        ask: { try await reads.run(for: client) { try await node.tipProof(of: key) } },
        // Outside the gate: waiting for the block takes nothing from others.
        wait: { await node.waitUntilFinal($0) },
        certify: { tip in try await reads.run(for: client) { try await file(tip) } }))
  }

  /// The file of the proof; nil if its block is not the one that became final, or if nothing here proves that.
  private func file(_ tip: TipProof) async throws -> [UInt8]? {
    guard let proof = try await node.certified(tip) else { return nil }
    var hash = HashFunction(node.chain.suite)
    return ProofDocument.render(proof, chain: node.chain, hash: &hash)
  }
}
