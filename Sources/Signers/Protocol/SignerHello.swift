package import Primitives

/// The first request on a connection.
package struct SignerHello: Hashable, Sendable {
  package var version: UInt16
  package var role: SignerRole
  package var suite: Suite
  /// Of no meaning in a member's hello.
  package var genesis: Digest
  /// Who the client is, for people: a second node is told who the first is.
  package var description: String

  package init(_ role: SignerRole, _ chain: ChainContext, description: String) {
    version = SignerLimits.version
    self.role = role
    suite = chain.suite
    genesis = chain.genesis
    self.description = description
  }
}
