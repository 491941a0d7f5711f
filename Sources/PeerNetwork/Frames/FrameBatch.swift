package import NIOCore

/// The frames that a link is writing, laid out back to back in buffers of a bounded size. A frame larger than the
/// available room is written in parts.
package struct FrameBatch {
  private var frames: [[UInt8]] = []
  private var index = 0
  private var offset = 0

  package init() {}

  /// Whether no frame is half written, so that one of the link's own frames may come next.
  var isAtBoundary: Bool { offset == 0 }

  /// Appends as much as fits into `room` bytes. `refill` supplies more frames when all of these have been written.
  /// Returns the number of frames that are now complete, and the bytes of frames (not of their lengths) that were
  /// appended.
  package mutating func write(
    into buffer: inout ByteBuffer, room: Int, refill: (inout [[UInt8]]) -> Bool
  ) -> (frames: Int, bytes: Int) {
    var written = (frames: 0, bytes: 0)
    // A frame is started only if its length and at least one of its bytes fit.
    while room - buffer.readableBytes > FrameKind.lengthBytes {
      if index == frames.count {
        frames.removeAll(keepingCapacity: true)
        index = 0
        guard refill(&frames) else { break }
      }
      let total = frames[index].count
      if offset == 0 { buffer.writeInteger(UInt32(total), endianness: .little) }
      let count = min(total - offset, room - buffer.readableBytes)
      frames[index].withUnsafeBytes { raw in
        _ = buffer.writeBytes(UnsafeRawBufferPointer(rebasing: raw[offset..<offset + count]))
      }
      offset += count
      written.bytes += count
      if offset == total {
        // Free the frame's memory while the rest of the batch is still being written.
        frames[index] = []
        index += 1
        offset = 0
        written.frames += 1
      }
    }
    return written
  }
}
