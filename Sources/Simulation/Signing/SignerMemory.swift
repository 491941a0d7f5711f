internal import Primitives
package import Replica

/// What a signer that is elsewhere keeps on a disk of its own, whatever becomes of its node.
package final class SignerMemory {
  package var statements: VoteGuard

  package init() { statements = VoteGuard(epoch: .first) }
}
