internal import Primitives

/// The peers that are listed at one time, found by id and by pin.
struct PeerTable: Sendable {
  /// In ascending order of their ids.
  let peers: [Peer]
  private let byID: [PeerID: Peer]
  private let byPin: [Digest: Peer]

  /// Refuses a list that is ambiguous, names this node, or has a peer that cannot be dialled or recognised.
  static func check(_ list: [PeerDescription], ownPin: Digest) throws(PeerNetworkError) {
    var ids: Set<PeerID> = []
    var pins: Set<Digest> = [ownPin]
    for peer in list {
      guard ids.insert(peer.id).inserted else { throw .duplicateID(peer.id) }
      guard PeerDescription.pinCounts.contains(peer.pins.count) else {
        throw .badPinCount(peer: peer.name, count: peer.pins.count)
      }
      guard PeerDescription.addressCounts.contains(peer.addresses.count) else {
        throw .badAddressCount(peer: peer.name, count: peer.addresses.count)
      }
      for pin in peer.pins {
        guard pins.insert(pin).inserted else { throw .duplicatePin(pin) }
      }
    }
  }

  /// - Parameter peers: with different ids, and with the pins of a list that was checked.
  init(_ peers: [Peer] = []) {
    self.peers = peers.sorted { $0.id < $1.id }
    var byID: [PeerID: Peer] = [:]
    var byPin: [Digest: Peer] = [:]
    for peer in peers {
      byID[peer.id] = peer
      for pin in peer.description.pins { byPin[pin] = peer }
    }
    self.byID = byID
    self.byPin = byPin
  }

  subscript(id: PeerID) -> Peer? { byID[id] }
  subscript(pin: Digest) -> Peer? { byPin[pin] }
}
