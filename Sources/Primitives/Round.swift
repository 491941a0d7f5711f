/// An epoch and a view. Everything that is compared over time is ordered by rounds, epoch first. A view alone means
/// nothing across epochs, because each epoch starts again at view 0.
@frozen
public struct Round: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var epoch: Epoch
  public var view: View

  @inlinable public init(epoch: Epoch, view: View) {
    self.epoch = epoch
    self.view = view
  }

  @inlinable public static func < (left: Round, right: Round) -> Bool {
    left.epoch == right.epoch ? left.view < right.view : left.epoch < right.epoch
  }

  /// View 0 of the first epoch: the genesis block, final by definition.
  public static let genesis = Round(epoch: .first, view: .genesis)

  /// The leader among `count` validators of the epoch. They take turns, and every epoch starts with the next one (protocol
  /// rule R2).
  @inlinable
  public func leader(among count: Int) -> ValidatorIndex {
    let count = UInt64(count)
    return ValidatorIndex(UInt16((epoch.rawValue % count + view.rawValue % count) % count))
  }
}

extension Round: CustomStringConvertible {
  public var description: String { "view \(view) of epoch \(epoch)" }
}
