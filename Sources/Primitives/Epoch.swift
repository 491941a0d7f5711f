/// The period of one validator set. The first epoch is 0.
@frozen
public struct Epoch: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Epoch, right: Epoch) -> Bool { left.rawValue < right.rawValue }
  public static let first = Epoch(0)
}

extension Epoch: CustomStringConvertible { public var description: String { "\(rawValue)" } }
