/// A reading of a node's monotonic clock, in microseconds from an arbitrary start. Never sent and never stored.
@frozen
public struct Tick: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Tick, right: Tick) -> Bool { left.rawValue < right.rawValue }

  /// The tick `microseconds` later, saturating.
  @inlinable
  public func advanced(byMicroseconds microseconds: UInt64) -> Tick {
    let (sum, overflow) = rawValue.addingReportingOverflow(microseconds)
    return Tick(overflow ? .max : sum)
  }

  /// The microseconds since `earlier`; 0 if `earlier` is in the future.
  @inlinable
  public func microseconds(since earlier: Tick) -> UInt64 {
    rawValue > earlier.rawValue ? rawValue - earlier.rawValue : 0
  }
}
