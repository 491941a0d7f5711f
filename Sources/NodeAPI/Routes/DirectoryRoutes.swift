internal import Cryptography
internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives
internal import Replica

/// Routes for the nodes of the chain: its validators, its observers, and the key that this node offers.
struct DirectoryRoutes: Sendable {
  let node: RoadbedNode

  func add(to router: Router<APIContext>) {
    router.get("/v1/validators") { request, _ in try await validators(Query(request)) }
    router.get("/v1/observers") { request, _ in try await observers(Query(request)) }
    router.get("/v1/vote-key") { request, _ in try await voteKey(Query(request)) }
  }

  /// This node's links at one moment.
  private struct Links {
    let replica: ReplicaStatus
    let own: PeerID?
    let ids: [Name: PeerID]

    init(_ node: RoadbedNode) async throws {
      replica = try await node.replicaStatus()
      own = node.own?.id
      ids = Dictionary(node.knownPeers.map { ($0.node.name, $0.id) }) { first, _ in first }
    }

    func isConnected(_ name: Name) -> Bool {
      ids[name].map { $0 == own || replica.connected.contains($0) } ?? false
    }

    func height(of name: Name) -> Height? {
      ids[name].flatMap { $0 == own ? replica.committed.height : replica.peers[$0]?.height }
    }
  }

  private func validators(_: Query) async throws -> Response {
    let links = try await Links(node)
    let (point, validators) = try await node.read { ledger in
      (
        ledger.point,
        ledger.configuration.validators.enumerated().compactMap { place, validator in
          ledger.node(validator.name).map { (place, $0, validator.voteKey) }
        }
      )
    }
    // The leader is one of the running epoch, which may be the one before that of the next block.
    let isRunning = links.replica.epoch == point.above.epoch
    let items = validators.map { place, entry, voteKey in
      ValidatorView(
        index: place, node: entry, voteKey: voteKey, connected: links.isConnected(entry.name),
        height: links.height(of: entry.name),
        leader: isRunning && ValidatorIndex(UInt16(place)) == links.replica.leader)
    }
    return try .json(
      ValidatorsView(
        items: items, height: point.height, epoch: point.above.epoch.rawValue,
        configuration: point.above.configuration, checkpoint: checkpoint(of: point.above.epoch)))
  }

  /// The checkpoint of an epoch; nil of the first one, and if its opening is not in the log here yet.
  private func checkpoint(of epoch: Epoch) -> Checkpoint? {
    guard let closing = node.store.closings.leading(to: epoch) else { return nil }
    var hash = HashFunction(node.chain.suite)
    return Checkpoint(epoch: epoch, result: closing.result.digest(hash: &hash))
  }

  private func observers(_: Query) async throws -> Response {
    let links = try await Links(node)
    let (height, nodes) = try await node.read { ledger in
      let validators = Set(ledger.configuration.validators.map(\.name))
      return (ledger.point.height, ledger.nodes(limit: Limits.nodes).filter { !validators.contains($0.name) })
    }
    let items = nodes.map {
      ObserverView(node: $0, connected: links.isConnected($0.name), height: links.height(of: $0.name))
    }
    return try .json(Page(items: items, height: height))
  }

  private func voteKey(_: Query) async throws -> Response {
    guard let own = node.own?.node else { throw RequestError.notListed }
    guard let proof = try await node.offeredKey(own.name) else { throw RequestError.noKeyYet }
    let listens = try await node.replicaStatus().listeningKeys.contains(proof.key)
    return try .json(
      VoteKeyView(proof, member: own.member, role: node.isVoting ? .validator : .observer, listens: listens))
  }
}

extension RequestError {
  fileprivate static var notListed: RequestError {
    RequestError(
      .notFound, code: "node.not-listed",
      "the chain's directory does not list this node's transport key, so the node has no name in which to offer a key",
      nextStep: "have the administrators add the node ('roadbed observer add'), and ask again when that is final")
  }

  fileprivate static var noKeyYet: RequestError {
    RequestError(
      .notFound, code: "node.no-key",
      "this node has no vote key yet that the chain could name: it makes one after its start, and another once a block of "
        + "the epoch is final in which it votes with the last",
      nextStep: "wait a few seconds and ask again; if it stays so, the node's messages say why it cannot write the key")
  }
}
