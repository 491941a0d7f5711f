/// A peer that a node knows, by its index in the node's `PeerDirectory`. A `PeerID` implies nothing about votes: a
/// peer need not be a validator, and a validator's index is meaningful only within an epoch.
@frozen
public struct PeerID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public static func < (left: PeerID, right: PeerID) -> Bool { left.rawValue < right.rawValue }
}

extension PeerID: CustomStringConvertible { public var description: String { "\(rawValue)" } }
