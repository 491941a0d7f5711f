/// What the leader of a view asks the others to notarize. A proposal does not contain the block's body.
public struct Proposal: Hashable, Sendable {
  public var epoch: Epoch
  public var view: View
  /// The view of the parent block; less than `view`.
  public var parent: View
  /// The digest of the block's header.
  public var block: Digest

  public init(epoch: Epoch, view: View, parent: View, block: Digest) {
    self.epoch = epoch
    self.view = view
    self.parent = parent
    self.block = block
  }

  public var round: Round { Round(epoch: epoch, view: view) }
}
