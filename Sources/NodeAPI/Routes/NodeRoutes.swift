internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives
internal import Replica

/// Routes for the node itself: its status, its health, the chain's genesis, and metrics.
struct NodeRoutes: Sendable {
  let node: RoadbedNode
  let metrics: MetricsRegistry
  let register: ConnectionRegister
  let reads: Reads

  func add(to router: Router<APIContext>) {
    router.get("/v1/status") { request, _ in try await status(Query(request)) }
    router.get("/v1/health") { request, _ in try health(Query(request)) }
    router.get("/v1/live") { request, _ in
      _ = try Query(request)
      return try Response.json(LivenessView())
    }
    router.get("/v1/ready") { request, _ in try ready(Query(request)) }
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
    let known = node.knownPeers
    let own = node.own
    for peer in known where peer.id != own?.id {
      peers.append(
        PeerView(
          name: peer.node.name, connected: replica.connected.contains(peer.id),
          height: replica.peers[peer.id]?.height))
    }
    let last = node.served
    return try .json(
      NodeStatus(
        chain: ChainView(
          name: node.genesis.chainName.description, suite: node.chain.suite, genesis: node.chain.genesis),
        node: own?.node.name, member: own?.node.member, role: node.role,
        height: last.height, block: last.block, blockTime: last.timestamp, epoch: replica.epoch.rawValue,
        view: replica.view.rawValue,
        leader: known.first { $0.validator == replica.leader }?.node.name,
        mempool: MempoolView(transactions: replica.poolTransactions, bytes: replica.poolBytes), peers: peers,
        time: node.time, uptimeMilliseconds: node.uptimeMilliseconds,
        versions: VersionsView(software: NodeVersion.text, rules: LedgerState.knownRules.upperBound),
        stopped: node.stopped.map { ErrorDetail($0) }))
  }

  private func health(_: Query) throws -> Response {
    let health = HealthView(findings: node.findings, misbehaving: node.misbehaving)
    return try .json(health, health.healthy ? .ok : .serviceUnavailable)
  }

  private func ready(_: Query) throws -> Response {
    let ready = ReadinessView(role: node.role, level: node.isLevel, voting: node.mayVote)
    return try .json(ready, ready.ready ? .ok : .serviceUnavailable)
  }
}
