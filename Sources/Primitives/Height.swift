/// A position in the chain of blocks. Genesis is height 0.
@frozen
public struct Height: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (left: Height, right: Height) -> Bool { left.rawValue < right.rawValue }
  public static let genesis = Height(0)
  /// The next height; nil after the last one.
  @inlinable public var next: Height? { rawValue == .max ? nil : Height(rawValue + 1) }
}

extension Height: CustomStringConvertible { public var description: String { "\(rawValue)" } }
