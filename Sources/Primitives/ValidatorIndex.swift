/// A validator's position in its epoch's ordered set, from 0.
@frozen
public struct ValidatorIndex: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public static func < (left: ValidatorIndex, right: ValidatorIndex) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension ValidatorIndex: CustomStringConvertible { public var description: String { "\(rawValue)" } }
