package import Logging
package import Primitives

/// What a `PeerNetwork` needs to know.
package struct PeerNetworkConfiguration: Sendable {
  package var listen: PeerAddress
  package var ownID: PeerID
  /// The own certificate (self-signed will do) and its private key, PEM.
  package var certificatePEM: [UInt8]
  package var privateKeyPEM: [UInt8]
  /// All peers. The own entry may be among them; its pin is then checked against the own certificate.
  package var peers: [PeerDescription]
  /// Bound into the hello: a node of another chain or suite is refused.
  package var chain: ChainContext
  package var frameLimits = FrameLimits()
  package var limits = PeerNetworkLimits()
  /// Event loops, each with a thread of its own.
  package var threads = PeerNetworkConfiguration.standardThreads
  package static let standardThreads = 1
  /// Spreads the redials of many nodes that lost each other at once.
  package var jitterSeed: UInt64
  package var logger: Logger
  /// SHA-256 of a DER SubjectPublicKeyInfo.
  package var pin: @Sendable (_ subjectPublicKeyInfo: [UInt8]) -> Digest

  package init(
    listen: PeerAddress, ownID: PeerID, certificatePEM: [UInt8], privateKeyPEM: [UInt8],
    peers: [PeerDescription], chain: ChainContext, jitterSeed: UInt64, logger: Logger,
    pin: @escaping @Sendable (_ subjectPublicKeyInfo: [UInt8]) -> Digest
  ) {
    self.listen = listen
    self.ownID = ownID
    self.certificatePEM = certificatePEM
    self.privateKeyPEM = privateKeyPEM
    self.peers = peers
    self.chain = chain
    self.jitterSeed = jitterSeed
    self.logger = logger
    self.pin = pin
  }
}
