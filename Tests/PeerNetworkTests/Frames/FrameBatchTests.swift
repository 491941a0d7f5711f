internal import NIOCore
internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Frame batch")
struct FrameBatchTests {
  @Test("Whatever the size of each buffer, the stream is the same and every frame is counted once")
  func partsAddUp() throws {
    let payloads: [[UInt8]] = [[1], Array(repeating: 2, count: 500), [3, 4], Array(repeating: 5, count: 33)]
    for room in [5, 6, 7, 64, 513, 10_000] {
      var batch = FrameBatch()
      // Two refills, as if more frames had been queued meanwhile.
      var sources = [Array(payloads[2...]), Array(payloads[..<2])]
      var stream: [UInt8] = []
      var totals = (frames: 0, bytes: 0)
      while true {
        var buffer = ByteBuffer()
        let part = batch.write(into: &buffer, room: room) { frames in
          guard let next = sources.popLast() else { return false }
          frames = next
          return true
        }
        guard buffer.readableBytes > 0 else { break }
        #expect(buffer.readableBytes <= room)
        stream += Array(buffer.readableBytesView)
        totals.frames += part.frames
        totals.bytes += part.bytes
      }
      #expect(stream == payloads.flatMap(FrameDecoderTests.wire))
      #expect(totals.frames == payloads.count)
      #expect(totals.bytes == payloads.map(\.count).reduce(0, +))
      #expect(batch.isAtBoundary)
    }
  }
}
