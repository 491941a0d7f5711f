package import Primitives

/// A peer as listed in genesis or on the chain.
package struct PeerDescription: Hashable, Sendable {
  /// The peer's number; numbers are dense and the same on every node.
  package var id: PeerID
  /// For logs and metrics.
  package var name: String
  package var address: PeerAddress
  /// SHA-256 of the DER SubjectPublicKeyInfo of the peer's TLS key (as in RFC 7469, section 2.4). The pin alone
  /// identifies a peer: names, issuers and dates in its certificate are ignored.
  package var pin: Digest

  package init(id: PeerID, name: String, address: PeerAddress, pin: Digest) {
    self.id = id
    self.name = name
    self.address = address
    self.pin = pin
  }
}
