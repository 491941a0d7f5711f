package import Primitives

/// The parts of a node that handle the frames of its peers. None of these calls may block.
package protocol FrameReceivers {
  /// Passes a frame to the replica, which decodes it. Its kind may be unknown.
  func step(_ frame: [UInt8], from peer: PeerID)
  /// Passes a request to the responder.
  func serve(_ request: PeerRequest)
  /// Passes a final block to the part that requested it.
  /// - Parameter bytes: an encoded `FinalRecord`; empty if the peer does not have the block.
  func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID)
  /// Reports that the peer sent something no correct node sends.
  func blame(_ peer: PeerID, _ error: CodecError)
}
