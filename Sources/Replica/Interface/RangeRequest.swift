package import Primitives

/// A peer's request for final blocks from height `from` on; the shell reads them from the log and answers.
package struct RangeRequest: Equatable, Sendable {
  package var peer: PeerID
  package var from: Height
}
