package import Ledger
package import Primitives

/// A node that may be linked with this one, as the chain's directory lists it.
package struct KnownPeer: Hashable, Sendable {
  package var id: PeerID
  package var node: DirectoryEntry
  /// Its index among the validators of the running epoch; nil for an observer.
  package var validator: ValidatorIndex?
  /// Whether this node votes as that validator.
  package var isOwn = false

  package init(id: PeerID, node: DirectoryEntry, validator: ValidatorIndex?, isOwn: Bool = false) {
    self.isOwn = isOwn
    self.id = id
    self.node = node
    self.validator = validator
  }
}
