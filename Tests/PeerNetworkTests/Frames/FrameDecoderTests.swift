internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Frame decoder")
struct FrameDecoderTests {
  /// The bytes of a frame on the wire.
  static func wire(_ payload: [UInt8]) -> [UInt8] {
    let count = UInt32(payload.count)
    return (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + payload
  }

  /// Feeds the parts one after another and returns the frames.
  static func decode(_ parts: [[UInt8]], with decoder: inout FrameDecoder) throws(LinkFault) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    for part in parts {
      var offset = 0
      while let frame = try decoder.next(part.span.bytes, at: &offset) { frames.append(frame) }
    }
    return frames
  }

  static func fault(_ bytes: [UInt8], _ limits: FrameLimits) -> LinkFault? {
    var decoder = FrameDecoder(limits: limits)
    do throws(LinkFault) {
      _ = try decode([bytes], with: &decoder)
      return nil
    } catch { return error }
  }

  @Test("Frames come out whole and in order, wherever the stream is cut")
  func everyCut() throws {
    let payloads: [[UInt8]] = [[1], [2, 3, 4], Array(repeating: 5, count: 40)]
    let stream = payloads.flatMap(Self.wire)
    for cut in 0...stream.count {
      var decoder = FrameDecoder(limits: FrameLimits())
      #expect(try Self.decode([Array(stream[..<cut]), Array(stream[cut...])], with: &decoder) == payloads)
      #expect(decoder.unfinished == nil)
    }
    var decoder = FrameDecoder(limits: FrameLimits())
    #expect(try Self.decode(stream.map { [$0] }, with: &decoder) == payloads)
  }

  @Test("N2: a length bomb is refused by its length alone")
  func lengthBomb() {
    let limits = FrameLimits(defaultLimit: 100)
    #expect(Self.fault([255, 255, 255, 255], limits) == .frameTooLong(kind: nil, bytes: 0xFFFF_FFFF, limit: 100))
    #expect(Self.fault([101, 0, 0, 0], limits) == .frameTooLong(kind: nil, bytes: 101, limit: 100))
    #expect(Self.fault([0, 0, 0, 0], limits) == .emptyFrame)
  }

  @Test("N2: a frame over the limit of its kind is refused before its contents arrive")
  func limitOfTheKind() {
    let limits = FrameLimits(defaultLimit: 100, special: [7: 10, 9: 0])
    #expect(Self.fault(Self.wire(Array(repeating: 7, count: 10)), limits) == nil)
    #expect(Self.fault([11, 0, 0, 0, 7], limits) == .frameTooLong(kind: 7, bytes: 11, limit: 10))
    #expect(Self.fault([11, 0, 0, 0, 8], limits) == nil)
    #expect(Self.fault([1, 0, 0, 0, 9], limits) == .unknownFrameKind(9))
    #expect(Self.fault([1, 0, 0, 0, FrameKind.hello], limits.open) == .unknownFrameKind(FrameKind.hello))
    #expect(
      Self.fault([2, 0, 0, 0, FrameKind.keepAlive], limits.open)
        == .frameTooLong(kind: FrameKind.keepAlive, bytes: 2, limit: 1))
  }

  @Test("A special limit cannot exceed the limit of all frames, nor allow a kind of the link itself")
  func limitsAreBounded() {
    let limits = FrameLimits(special: [1: .max, FrameKind.hello: 10])
    #expect(limits[1] == Limits.frameBytes)
    #expect(limits[FrameKind.hello] == 0)
  }

  @Test("A stream that ends within a frame is reported as cut")
  func unfinished() throws {
    let stream = Self.wire([1, 2, 3])
    for cut in 1..<stream.count {
      var decoder = FrameDecoder(limits: FrameLimits())
      #expect(try Self.decode([Array(stream[..<cut])], with: &decoder).isEmpty)
      #expect(decoder.unfinished != nil)
    }
  }

  @Test("N1: random bytes give frames within the limits or a fault, never a trap", arguments: 0..<8 as Range<UInt64>)
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var decoder = FrameDecoder(limits: FrameLimits(defaultLimit: 64, special: [3: 4, 4: 0]))
      // Small lengths, so that some frames are valid.
      let parts = (0..<6).map { _ in
        (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
          UInt8.random(in: 0...(Bool.random(using: &generator) ? 3 : 255), using: &generator)
        }
      }
      if let frames = try? Self.decode(parts, with: &decoder) {
        #expect(frames.allSatisfy { (1...64).contains($0.count) })
      }
    }
  }
}
