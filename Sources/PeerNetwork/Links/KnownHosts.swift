internal import Primitives

/// The addresses from which the listed peers connect: all at which they listen, and for each the last other one.
struct KnownHosts {
  private struct Known {
    let peer: Peer
    /// The address of each listed host, as far as it was found.
    var found: [String: RemoteHost] = [:]
    /// A different one at which the peer has proved its key.
    var other: RemoteHost?

    var hosts: Set<RemoteHost> {
      var hosts = Set(found.values)
      if let other { hosts.insert(other) }
      return hosts
    }
  }

  private var known: [PeerID: Known] = [:]

  /// The addresses of each peer.
  var all: [Set<RemoteHost>] { known.values.map(\.hosts) }

  func peers(at host: RemoteHost) -> [Peer] { known.values.filter { $0.hosts.contains(host) }.map(\.peer) }

  /// Replaces the peers. Keeps what was found out about those that are still listed. Returns the host names that must be
  /// looked up.
  mutating func update(_ peers: [Peer]) -> [(peer: Peer, address: PeerAddress)] {
    let old = known
    var names: [(peer: Peer, address: PeerAddress)] = []
    known = [:]
    for peer in peers {
      var entry = Known(peer: peer)
      let before = old[peer.id].flatMap { $0.peer === peer ? $0 : nil }
      entry.other = before?.other
      for address in peer.description.addresses {
        if let host = before?.found[address.host] ?? RemoteHost(address.host) {
          entry.found[address.host] = host
        } else {
          names.append((peer, address))
        }
      }
      known[peer.id] = entry
    }
    return names
  }

  /// Notes the address of a host name. A peer that no longer has it is left as it is.
  mutating func found(_ host: RemoteHost, of name: String, _ peer: Peer) {
    guard known[peer.id]?.peer === peer, peer.description.addresses.contains(where: { $0.host == name }) else { return }
    known[peer.id]?.found[name] = host
  }

  /// Notes that a peer has proved its key at an address. Returns whether that is news.
  mutating func saw(_ peer: Peer, at host: RemoteHost) -> Bool {
    guard let entry = known[peer.id], entry.peer === peer, !entry.hosts.contains(host) else { return false }
    known[peer.id]?.other = host
    return true
  }
}
