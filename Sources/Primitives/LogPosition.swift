/// The number of a record in a node's log, from 1. Record k is durable once the log is synced up to position k.
/// Position 0 is always durable.
@frozen
public struct LogPosition: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: LogPosition, right: LogPosition) -> Bool { left.rawValue < right.rawValue }
  public static let start = LogPosition(0)
}

extension LogPosition: CustomStringConvertible { public var description: String { "\(rawValue)" } }
