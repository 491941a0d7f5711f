/// A peer that a node knows, by its place in the node's `PeerDirectory`. It says nothing about votes: a peer need not be
/// a validator, and a validator's index means something only within an epoch.
@frozen
public struct PeerID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public static func < (left: PeerID, right: PeerID) -> Bool { left.rawValue < right.rawValue }
}

extension PeerID: CustomStringConvertible { public var description: String { "\(rawValue)" } }
