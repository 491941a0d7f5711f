/// One leader's turn within an epoch. View 0 is the epoch's first block, final by definition.
@frozen
public struct View: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: View, right: View) -> Bool { left.rawValue < right.rawValue }
  public static let genesis = View(0)
  /// The next view; nil after the last one, since a peer may send any number.
  @inlinable public var next: View? { rawValue == .max ? nil : View(rawValue + 1) }
}

extension View: CustomStringConvertible { public var description: String { "\(rawValue)" } }
