/// A reading of a node's monotonic clock, in microseconds from an arbitrary start. Never sent, never stored.
@frozen
public struct Tick: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Tick, right: Tick) -> Bool { left.rawValue < right.rawValue }

  /// This tick and `microseconds` later, saturating.
  @inlinable
  public func advanced(byMicroseconds microseconds: UInt64) -> Tick {
    let (sum, overflow) = rawValue.addingReportingOverflow(microseconds)
    return Tick(overflow ? .max : sum)
  }

  /// Microseconds since `earlier`, 0 if it is in the future.
  @inlinable
  public func microseconds(since earlier: Tick) -> UInt64 {
    rawValue > earlier.rawValue ? rawValue - earlier.rawValue : 0
  }
}

/// A wall-clock time in milliseconds since 1970-01-01T00:00:00Z, as blocks and transactions carry it.
@frozen
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }

  /// This time and `milliseconds` later, saturating.
  @inlinable
  public func advanced(byMilliseconds milliseconds: UInt64) -> Timestamp {
    let (sum, overflow) = rawValue.addingReportingOverflow(milliseconds)
    return Timestamp(overflow ? .max : sum)
  }
}

/// What the shell's clocks say at one step: the pure rooms read no clock of their own.
@frozen
public struct Now: Hashable, Sendable, BitwiseCopyable {
  public var tick: Tick
  public var wall: Timestamp
  @inlinable
  public init(tick: Tick, wall: Timestamp) {
    self.tick = tick
    self.wall = wall
  }
}
