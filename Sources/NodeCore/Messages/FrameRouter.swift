package import Primitives
internal import Replica

/// Routes all frames from peers: each goes to the receiver that its kind declares. Frames for the replica are not
/// decoded here, because it decodes them on its own thread.
package enum FrameRouter {
  package static func route(_ frame: [UInt8], from peer: PeerID, to receivers: borrowing some FrameReceivers) {
    guard let kind = PeerMessage.Kind(of: frame), kind.receiver != .replica else {
      return receivers.step(frame, from: peer)
    }
    do throws(CodecError) {
      switch try PeerMessage(frame) {
      case .fetchFinal(let height): receivers.serve(.final(peer: peer, height))
      case .final(let height, let bytes): receivers.receiveFinal(bytes, of: height, from: peer)
      case .transactions, .proposal, .vote, .certificate, .status, .fetchCertificates, .fetchBlock, .block, .fetchRange,
        .range, .fetchSnapshot, .snapshot, .fetchChunk, .chunk, .fetchClosings, .closings:
        receivers.step(frame, from: peer)
      }
    } catch {
      receivers.blame(peer, error)
    }
  }
}
