package import Primitives

/// Those in a node who handle what its peers send. None of these may wait.
package protocol FrameReceivers {
  /// For the replica, which decodes it. Its kind may be none.
  func step(_ frame: [UInt8], from peer: PeerID)
  /// For the responder.
  func serve(_ request: PeerRequest)
  /// For whoever asked for a final block.
  /// - Parameter bytes: a `FinalRecord`, empty if the peer does not have the block.
  func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID)
  /// The peer sent what no correct node sends.
  func blame(_ peer: PeerID, _ error: CodecError)
}
