internal import Foundation
internal import Ledger
internal import Logging
internal import PeerNetwork
internal import Primitives
internal import Replica
internal import Synchronization

/// The nodes of the chain's directory, as the replica numbers them, and which of them is this one.
final class PeerBook: Sendable {
  private let ownPin: Digest
  private let overrides: [Name: Endpoint]
  private let bootstrap: Set<Name>
  private let listener: PeerAddress?
  private let known: Mutex<[KnownPeer]>
  private let file: KnownNodesFile
  private let isWriting = Mutex(())
  private let logger: Logger

  /// - Parameter ownPin: that of this node's TLS key, by which the directory names it.
  init(_ known: [KnownPeer], ownPin: Digest, settings: NodeSettings, logger: Logger) {
    self.known = Mutex(known)
    self.ownPin = ownPin
    overrides = settings.peerAddresses
    listener = settings.peerListen.map { PeerAddress($0) }
    bootstrap = Set(settings.bootstrapPeers.map(\.node.name))
    file = KnownNodesFile(settings)
    self.logger = logger
  }

  func update(_ new: [KnownPeer]) {
    let before = listenAddress
    known.withLock { $0 = new }
    if let now = listenAddress, now != before {
      logger.notice(
        "the directory says from now on that this node is reached at \(now)",
        metadata: ["next": "restart the node to let it listen there, or set peers.listen"])
    }
    remember()
  }

  /// Where this node listens if it starts now: where the settings say, or else the directory; nil if neither does.
  var listenAddress: PeerAddress? { listener ?? own.flatMap { addresses(of: $0.node).first } }

  /// Writes down whom to ask if the log is damaged at the next start. Does not wait for it.
  func remember() {
    _ = WorkerThread("nodes", inBackground: true) { [self] in
      // One after the other, so that what was true last is what remains.
      isWriting.withLock { _ in
        do {
          try file.write(all.map(\.node).filter { !bootstrap.contains($0.name) })
        } catch {
          logger.warning("the list of nodes cannot be written down: \(error.localizedDescription)")
        }
      }
    }
  }

  /// All nodes, this one included.
  var all: [KnownPeer] { known.withLock { $0 } }

  /// This node; nil if the directory lists neither its vote key nor its TLS key.
  var own: KnownPeer? { own(of: all) }

  private func own(of all: [KnownPeer]) -> KnownPeer? {
    all.first { $0.isOwn } ?? all.first { $0.node.pins.contains(ownPin) }
  }

  /// Whether the epoch names this node as a validator, with a key that it does not hold.
  func lacksVoteKey(_ running: RunningEpoch) -> Bool {
    running.ownKey == nil && own.map { running.validators.contains("\($0.node.name)") } ?? false
  }

  func name(of peer: PeerID) -> String { all.first { $0.id == peer }.map { "\($0.node.name)" } ?? "peer \(peer)" }

  /// Whether the peer may have every block: a validator, or a node that the operator names to fetch from.
  func mayHaveAll(_ peer: PeerID) -> Bool {
    all.contains { $0.id == peer && ($0.validator != nil || bootstrap.contains($0.node.name)) }
  }

  /// The nodes to be linked: all others. Of two nodes, the one with the lower name dials; an observer always dials
  /// validators, and so does a node that is not listed yet. Bootstrap peers are dialled.
  var links: [PeerDescription] {
    let all = all
    let own = own(of: all)
    return all.compactMap { peer in
      guard peer.id != own?.id, !peer.node.pins.contains(ownPin) else { return nil }
      let isDialled = own.map { $0.node.name < peer.node.name } ?? true
      let addresses = addresses(of: peer.node)
      guard !addresses.isEmpty else {
        logger.warning(
          "none of the addresses of \(peer.node.name) can be used: \(peer.node.addresses.joined(separator: ", "))",
          metadata: ["code": "node.bad-peer-address", "next": "have its entry in the chain's directory corrected"])
        return nil
      }
      return PeerDescription(
        id: peer.id, name: "\(peer.node.name)", addresses: addresses, pins: peer.node.pins,
        isDialled: isDialled || (own?.validator == nil && peer.validator != nil) || bootstrap.contains(peer.node.name))
    }
  }

  /// Where a node is reached: where the settings say, or else the directory.
  func addresses(of node: DirectoryEntry) -> [PeerAddress] {
    if let address = overrides[node.name] { return [PeerAddress(address)] }
    return node.addresses.compactMap { Endpoint($0).map { PeerAddress($0) } }
  }
}
