package import Logging
package import Primitives

/// The configuration of a `PeerNetwork`.
package struct PeerNetworkConfiguration: Sendable {
  package var listen: PeerAddress
  /// The node's own certificate (a self-signed one is sufficient) and its private key, both PEM.
  package var certificatePEM: [UInt8]
  package var privateKeyPEM: [UInt8]
  /// The peers to begin with, without the node itself; `PeerNetwork.update` replaces them.
  package var peers: [PeerDescription]
  /// Included in the hello: a node of another chain or suite is refused.
  package var chain: ChainContext
  package var frameLimits = FrameLimits()
  package var limits = PeerNetworkLimits()
  /// Tells this process from any other that uses the same key.
  package var instance: UInt64
  /// The number of event loops, each with its own thread.
  package var threads = PeerNetworkConfiguration.standardThreads
  package static let standardThreads = 1
  /// Spreads out the redials of many nodes that lost each other at the same time.
  package var jitterSeed: UInt64
  package var logger: Logger
  /// Computes the SHA-256 of a DER SubjectPublicKeyInfo.
  package var pin: @Sendable (_ subjectPublicKeyInfo: [UInt8]) -> Digest

  package init(
    listen: PeerAddress, certificatePEM: [UInt8], privateKeyPEM: [UInt8], peers: [PeerDescription], chain: ChainContext,
    instance: UInt64, jitterSeed: UInt64, logger: Logger,
    pin: @escaping @Sendable (_ subjectPublicKeyInfo: [UInt8]) -> Digest
  ) {
    self.listen = listen
    self.certificatePEM = certificatePEM
    self.privateKeyPEM = privateKeyPEM
    self.peers = peers
    self.chain = chain
    self.instance = instance
    self.jitterSeed = jitterSeed
    self.logger = logger
    self.pin = pin
  }
}
