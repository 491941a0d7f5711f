package import Primitives

/// Who receives a frame.
package enum Audience: Equatable, Sendable {
  case peer(PeerID)
  /// Every other validator.
  case all
}
