package import Primitives

/// A peer asks for finalized blocks from `from` on: the shell reads them from the log and answers.
package struct RangeRequest: Equatable, Sendable {
  package var peer: PeerID
  package var from: Height
}
