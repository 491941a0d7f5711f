/// What a view's leader asks the others to notarize: a value, without the block's body.
public struct Proposal: Hashable, Sendable {
  public var epoch: Epoch
  public var view: View
  /// The view whose block is this block's parent; smaller than `view`.
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
