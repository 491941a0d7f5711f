/// A position in the chain of blocks. Genesis is height 0.
@frozen
public struct Height: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Height, right: Height) -> Bool { left.rawValue < right.rawValue }
  public static let genesis = Height(0)
  /// The next height, or nil at the last one.
  @inlinable public var next: Height? { rawValue == .max ? nil : Height(rawValue + 1) }
}

/// One leader's turn within an epoch. View 0 is the epoch's first block, final by definition.
@frozen
public struct View: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: View, right: View) -> Bool { left.rawValue < right.rawValue }
  public static let genesis = View(0)
  /// The next view, or nil at the last one (a peer may send any number).
  @inlinable public var next: View? { rawValue == .max ? nil : View(rawValue + 1) }
}

/// One validator set's reign. The first is 0.
@frozen
public struct Epoch: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Epoch, right: Epoch) -> Bool { left.rawValue < right.rawValue }
  public static let first = Epoch(0)
}

/// A validator's place in its epoch's ordered set, 0-based.
@frozen
public struct ValidatorIndex: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public static func < (left: ValidatorIndex, right: ValidatorIndex) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The number of records a node's log has held: record k (from 1) is durable once the log is synced up to
/// position k. Position 0 waits for nothing.
@frozen
public struct LogPosition: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: LogPosition, right: LogPosition) -> Bool { left.rawValue < right.rawValue }
  public static let start = LogPosition(0)
}

extension Height: CustomStringConvertible { public var description: String { "\(rawValue)" } }
extension View: CustomStringConvertible { public var description: String { "\(rawValue)" } }
extension Epoch: CustomStringConvertible { public var description: String { "\(rawValue)" } }
extension ValidatorIndex: CustomStringConvertible { public var description: String { "\(rawValue)" } }
extension LogPosition: CustomStringConvertible { public var description: String { "\(rawValue)" } }
