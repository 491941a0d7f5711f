internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives
internal import Replica

/// Routes for the node itself: its status, its health, the chain's validators and genesis, and metrics.
struct NodeRoutes: Sendable {
  let node: RoadbedNode
  let metrics: MetricsRegistry
  let register: ConnectionRegister
  let reads: Reads

  func add(to router: Router<APIContext>) {
    router.get("/v1/status") { request, _ in try await status(Query(request)) }
    router.get("/v1/health") { request, _ in try health(Query(request)) }
    router.get("/v1/validators") { request, _ in try await validators(Query(request)) }
    router.get("/v1/genesis") { request, _ in
      _ = try Query(request)
      return Response.document(GenesisDocument.render(node.genesis))
    }
    router.get("/metrics") { request, _ in
      _ = try Query(request)
      node.refreshGauges()
      register.refreshGauges()
      reads.gate.refreshGauges()
      return Response.text(metrics.text)
    }
  }

  private func status(_: Query) async throws -> Response {
    let replica = try await node.replicaStatus()
    var peers: [PeerView] = []
    for (place, validator) in node.genesis.validators.enumerated() {
      let index = ValidatorIndex(UInt16(place))
      guard index != node.own else { continue }
      peers.append(
        PeerView(
          name: validator.name, connected: replica.connected.contains(PeerID(index.rawValue)),
          height: replica.peers[PeerID(index.rawValue)]?.height))
    }
    let last = node.served
    return try .json(
      NodeStatus(
        chain: ChainView(
          name: node.genesis.chainName.description, suite: node.chain.suite, genesis: node.chain.genesis),
        node: node.validator.name, member: node.validator.member, height: last.height,
        block: last.block, blockTime: last.timestamp, epoch: replica.epoch.rawValue,
        view: replica.view.rawValue,
        leader: node.genesis.validators[Int(replica.leader.rawValue)].name,
        mempool: MempoolView(transactions: replica.poolTransactions, bytes: replica.poolBytes), peers: peers,
        time: node.time, uptimeMilliseconds: node.uptimeMilliseconds,
        versions: VersionsView(software: NodeVersion.text, rules: LedgerState.knownRules.upperBound),
        stopped: node.stopped.map { ErrorDetail($0) }))
  }

  private func health(_: Query) throws -> Response {
    let health = HealthView(reasons: node.complaints, misbehaving: node.misbehaving)
    return try .json(health, health.healthy ? .ok : .serviceUnavailable)
  }

  private func validators(_: Query) async throws -> Response {
    let replica = try await node.replicaStatus()
    let views = node.genesis.validators.enumerated().map { place, validator in
      let index = ValidatorIndex(UInt16(place))
      return ValidatorView(
        index: place, name: validator.name, member: validator.member, voteKey: validator.voteKey,
        transportKey: validator.transportKey, address: validator.address,
        connected: index == node.own || replica.connected.contains(PeerID(index.rawValue)),
        leader: index == replica.leader)
    }
    return try .json(Page(items: views, height: node.served.height))
  }
}
