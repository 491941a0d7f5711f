package import Primitives

/// A peer, as genesis or the chain lists it.
package struct PeerDescription: Hashable, Sendable {
  /// How many keys and how many addresses a peer may have.
  static let pinCounts = 1...2
  static let addressCounts = 1...Limits.nodeAddresses

  /// The peer's number. No two peers of a list have the same one; there may be gaps.
  package var id: PeerID
  /// For logs and metrics. A peer of the same id with another name is another peer.
  package var name: String
  /// Where the peer listens; each next dial tries the next one. From 1 to `Limits.nodeAddresses`.
  package var addresses: [PeerAddress]
  /// SHA-256 of the DER SubjectPublicKeyInfo of the peer's TLS key (as in RFC 7469, section 2.4): one, or two while the peer
  /// changes its key. Any of them alone identifies the peer: names, issuers and dates in its certificate are ignored.
  package var pins: [Digest]
  /// Whether this node dials the peer at once; otherwise only if the peer does not dial this node for long. If both sides do,
  /// they settle on one link.
  package var isDialled: Bool

  package init(id: PeerID, name: String, addresses: [PeerAddress], pins: [Digest], isDialled: Bool) {
    self.id = id
    self.name = name
    self.addresses = addresses
    self.pins = pins
    self.isDialled = isDialled
  }
}
