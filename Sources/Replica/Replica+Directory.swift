internal import Consensus
internal import Ledger
internal import Primitives

// The nodes that may be linked are those of the chain's directory as of the committed block (protocol rule R48), and the
// bootstrap peers.
extension Replica {
  /// The nodes of the directory, this one included, and the bootstrap peers that it does not list.
  package var knownPeers: [KnownPeer] {
    let nodes = Dictionary(uniqueKeysWithValues: nodes.map { ("\($0.name)", $0) })
    let peers = context.configuration.peers
    let own = context.configuration.ownPeer
    return peers.ids.compactMap { id in
      peers.name(id).flatMap { nodes[$0] }.map {
        KnownPeer(id: id, node: $0, validator: peers.validator(id), isOwn: id == own)
      }
    }
  }

  /// Follows the directory if it has changed, and says so. Whoever left it is no peer any more.
  mutating func followDirectory() {
    guard chain.ledger.directoryEdition != followed else { return }
    let listed = Set(nodes.map { "\($0.name)" })
    for peer in context.configuration.peers.ids {
      if let name = context.configuration.peers.name(peer), !listed.contains(name) { disconnect(peer) }
    }
    listNodes()
    context.effects.peers = knownPeers
  }

  /// Takes over the nodes of the directory.
  mutating func listNodes() {
    followed = chain.ledger.directoryEdition
    context.list(nodes.map { "\($0.name)" })
  }

  private var nodes: [DirectoryEntry] { chain.ledger.settledNodes.with(context.configuration.bootstrap) }
}
