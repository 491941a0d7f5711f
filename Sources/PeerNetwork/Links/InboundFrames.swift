internal import Primitives

/// Reads a link's input: first the other side's hello, then frames for the replica. Keeps at most one incomplete frame.
struct InboundFrames {
  /// The replica's frames within one read, and the fault of the frame after them if that one is bad.
  struct Batch {
    var frames: [PeerFrame] = []
    var byteCount = 0
    var fault: LinkFault?
  }

  private var decoder = FrameDecoder(limits: .greeting)

  /// The other side's first frame, once it is complete. Moves `offset` past the bytes used.
  mutating func hello(in input: RawSpan, at offset: inout Int) throws(LinkFault) -> [UInt8]? {
    try decoder.next(input, at: &offset)
  }

  /// Called when the hello was accepted: from now on, the replica's frames and keep-alives may follow.
  mutating func open(_ limits: FrameLimits) { decoder.limits = limits.open }

  /// The frames in the rest of `input`. Frames before a bad one count; nothing after it is read.
  mutating func receive(_ input: RawSpan, at offset: inout Int, from peer: PeerID) -> Batch {
    var batch = Batch()
    do throws(LinkFault) {
      while let frame = try decoder.next(input, at: &offset) {
        guard frame[0] != FrameKind.keepAlive else { continue }
        batch.byteCount += frame.count
        batch.frames.append(PeerFrame(from: peer, bytes: frame))
      }
    } catch { batch.fault = error }
    return batch
  }

  /// The fault to report if the stream ends here, in the middle of a frame; nil between frames.
  var truncation: LinkFault? {
    decoder.unfinished.map { .truncatedFrame(bytes: $0.bytes, expected: $0.expected) }
  }
}
