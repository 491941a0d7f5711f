package import Primitives
package import Replica

/// What a signer that is elsewhere keeps on a disk of its own, whatever becomes of its node.
package final class SignerMemory {
  package var statements: VoteGuard

  package init() { statements = VoteGuard(epoch: .first) }

  /// Remembers a statement that is to be signed, unless it contradicts what was signed before, which is returned.
  package func admit(_ statement: Statement) -> Statement? {
    if let conflict = statements.conflict(with: statement) { return conflict }
    statements.remember(statement)
    return nil
  }
}
