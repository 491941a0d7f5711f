package import Primitives

/// The receivers of a frame.
package enum Audience: Equatable, Sendable {
  case peer(PeerID)
  /// Every other peer, whether or not it is a validator.
  case all
}
