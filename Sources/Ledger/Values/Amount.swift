public import Primitives

/// A quantity in an asset's smallest unit.
@frozen
public struct Amount: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt128
  @inlinable public init(rawValue: UInt128) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt128) { self.rawValue = rawValue }
  @inlinable public static func < (left: Amount, right: Amount) -> Bool { left.rawValue < right.rawValue }
  public static let zero = Amount(0)

  /// The sum; nil if it is 2^128 or more.
  @inlinable
  public func adding(_ other: Amount) -> Amount? {
    let (sum, overflow) = rawValue.addingReportingOverflow(other.rawValue)
    return overflow ? nil : Amount(sum)
  }

  /// The difference; nil if it is below zero.
  @inlinable
  public func subtracting(_ other: Amount) -> Amount? {
    let (difference, overflow) = rawValue.subtractingReportingOverflow(other.rawValue)
    return overflow ? nil : Amount(difference)
  }

  /// Writes 16 bytes, little-endian.
  public func encode(into writer: inout Writer) { writer.integer(rawValue) }

  @inline(__always)
  public init(from reader: inout Reader) throws(CodecError) { rawValue = try reader.integer() }
}

extension Amount: CustomStringConvertible {
  /// The number of smallest units, in decimal.
  public var description: String { rawValue.description }
}
