package import Primitives

/// A frame received from an authenticated peer. `bytes` has at least one byte, the frame's kind, and is within the
/// limit of that kind.
package struct PeerFrame: Sendable {
  package var from: PeerID
  package var bytes: [UInt8]

  package init(from: PeerID, bytes: [UInt8]) {
    self.from = from
    self.bytes = bytes
  }
}
