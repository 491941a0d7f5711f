package import Primitives

/// Where a peer listens: a host name or address, and a TCP port.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  /// 0 asks the system for a free port when listening.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A peer as genesis or the chain lists it.
package struct PeerDescription: Hashable, Sendable {
  /// The peer's dense number, the same on every node.
  package var id: PeerID
  /// For logs and metrics.
  package var name: String
  package var address: PeerAddress
  /// SHA-256 of the DER SubjectPublicKeyInfo of the peer's TLS key (as in RFC 7469, section 2.4). The pin
  /// alone decides who a peer is: names, issuers and dates of its certificate are not looked at.
  package var pin: Digest

  package init(id: PeerID, name: String, address: PeerAddress, pin: Digest) {
    self.id = id
    self.name = name
    self.address = address
    self.pin = pin
  }
}
