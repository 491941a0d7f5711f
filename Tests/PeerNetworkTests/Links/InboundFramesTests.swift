internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Inbound frames")
struct InboundFramesTests {
  private static let hello = FrameDecoderTests.wire(HelloTests.hello.bytes)
  private static let keepAlive = FrameDecoderTests.wire([FrameKind.keepAlive])
  private static let peer = PeerID(3)

  private static func opened() throws -> InboundFrames {
    var inbound = InboundFrames()
    var offset = 0
    #expect(try { try inbound.hello(in: hello.span.bytes, at: &offset) }() == HelloTests.hello.bytes)
    inbound.open(FrameLimits(defaultLimit: 100))
    return inbound
  }

  private static func receive(_ bytes: [UInt8], _ inbound: inout InboundFrames) -> InboundFrames.Batch {
    var offset = 0
    return inbound.receive(bytes.span.bytes, at: &offset, from: peer)
  }

  @Test("Frames right behind the hello, in the same read, are the first batch")
  func helloAndFrames() throws {
    var inbound = InboundFrames()
    let input = Self.hello + FrameDecoderTests.wire([1, 2]) + FrameDecoderTests.wire([3])
    var offset = 0
    #expect(try { try inbound.hello(in: input.span.bytes, at: &offset) }() == HelloTests.hello.bytes)
    #expect(offset == Self.hello.count)
    inbound.open(FrameLimits())
    let batch = inbound.receive(input.span.bytes, at: &offset, from: Self.peer)
    #expect(batch.frames.map(\.bytes) == [[1, 2], [3]])
    #expect(batch.frames.allSatisfy { $0.from == Self.peer })
    #expect(batch.byteCount == 3)
    #expect(batch.fault == nil)
  }

  @Test("N1: before the hello nothing but a hello is read")
  func onlyHello() {
    for (bytes, fault): ([UInt8], LinkFault) in [
      (FrameDecoderTests.wire([1, 2]), .unknownFrameKind(1)),
      (Self.keepAlive, .unknownFrameKind(FrameKind.keepAlive)),
      ([255, 255, 0, 0], .frameTooLong(kind: nil, bytes: 0xFFFF, limit: Hello.largestByteCount)),
    ] {
      var inbound = InboundFrames()
      var offset = 0
      #expect(throws: fault) { try inbound.hello(in: bytes.span.bytes, at: &offset) }
    }
  }

  @Test("Keep-alives do not reach the replica, and a second hello is refused")
  func ownFrames() throws {
    var inbound = try Self.opened()
    let batch = Self.receive(Self.keepAlive + FrameDecoderTests.wire([1]) + Self.keepAlive, &inbound)
    #expect(batch.frames.map(\.bytes) == [[1]])
    #expect(batch.fault == nil)
    #expect(Self.receive(Self.hello, &inbound).fault == .unknownFrameKind(FrameKind.hello))
  }

  @Test("N2: frames before a bad one count, and nothing after it is read")
  func badFrame() throws {
    var inbound = try Self.opened()
    let good = FrameDecoderTests.wire([1, 2])
    let batch = Self.receive(good + [0, 0, 0, 0] + good, &inbound)
    #expect(batch.frames.map(\.bytes) == [[1, 2]])
    #expect(batch.byteCount == 2)
    #expect(batch.fault == .emptyFrame)
  }

  @Test("A frame in several reads is delivered with the last, and a stream that ends before that counts as cut")
  func inParts() throws {
    var inbound = try Self.opened()
    let wire = FrameDecoderTests.wire([1, 2, 3, 4])
    #expect(Self.receive(Array(wire[..<6]), &inbound).frames.isEmpty)
    #expect(inbound.truncation == .truncatedFrame(bytes: 2, expected: 4))
    #expect(Self.receive(Array(wire[6...]), &inbound).frames.map(\.bytes) == [[1, 2, 3, 4]])
    #expect(inbound.truncation == nil)
  }
}
