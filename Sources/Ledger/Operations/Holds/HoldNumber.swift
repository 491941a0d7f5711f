public import Primitives

/// When a hold was placed: the block, and the number of the operation among all operations of the block's transactions,
/// applied or not.
public struct HoldNumber: Hashable, Comparable, Sendable, BitwiseCopyable {
  public let height: Height
  public internal(set) var operation: UInt32

  public init(height: Height, operation: UInt32) {
    self.height = height
    self.operation = operation
  }

  @inline(__always)
  public static func < (left: HoldNumber, right: HoldNumber) -> Bool {
    left.height != right.height ? left.height < right.height : left.operation < right.operation
  }
}
