public import Primitives

/// Where in the chain a movement was made. Places are in the order in which the chain makes movements.
public struct MovementPlace: Hashable, Comparable, Sendable {
  public var height: Height
  /// The transaction's index in the block; nil for what the chain itself did after the last transaction.
  public var index: Int?
  /// The operation's index in the transaction; after the last transaction, the number of the hold in the order in which the
  /// block returned them.
  public var number: Int

  public init(height: Height, index: Int?, number: Int) {
    self.height = height
    self.index = index
    self.number = number
  }

  public static func < (left: Self, right: Self) -> Bool {
    if left.height != right.height { return left.height < right.height }
    if left.index != right.index { return left.index ?? .max < right.index ?? .max }
    return left.number < right.number
  }
}

extension MovementPlace: CustomStringConvertible {
  public var description: String {
    index.map { "block \(height), transaction \($0), operation \(number)" } ?? "the end of block \(height)"
  }
}
