/// A wall-clock time in milliseconds since 1970-01-01T00:00:00Z, as blocks and transactions carry it.
@frozen
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }

  /// The time `milliseconds` later, saturating.
  @inlinable
  public func advanced(byMilliseconds milliseconds: UInt64) -> Timestamp {
    let (sum, overflow) = rawValue.addingReportingOverflow(milliseconds)
    return Timestamp(overflow ? .max : sum)
  }
}
