internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Hello")
struct HelloTests {
  static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(0x0102_0304_0506_0708, 0, 0, 0xFF))
  static let hello = Hello(chain: chain, instance: 0x1122_3344_5566_7788)

  static func fault(_ bytes: [UInt8], chain: ChainContext = chain) -> LinkFault? {
    do throws(LinkFault) {
      try Hello(bytes).check(chain: chain)
      return nil
    } catch { return error }
  }

  @Test("The bytes are the documented ones")
  func golden() throws {
    let text =
      "f0" + "0300" + "01" + "0102030405060708" + String(repeating: "0", count: 46) + "ff" + "8877665544332211" + "00"
    #expect(Hex.encode(Self.hello.bytes) == text)
    #expect(try Hello(Self.hello.bytes) == Self.hello)
    #expect(Self.fault(Self.hello.bytes) == nil)
    var doubled = Self.hello
    doubled.doubled = [1, 0x0200_0000_0000_0000]
    #expect(Hex.encode(doubled.bytes) == String(text.dropLast(2)) + "02" + "0100000000000000" + "0000000000000002")
    #expect(try Hello(doubled.bytes) == doubled)
  }

  @Test("E6: a hello of another chain or suite is refused, and the reason names both")
  func mismatches() {
    let other = ChainContext(suite: .p256SHA256, genesis: .zero)
    #expect(Self.fault(Self.hello.bytes, chain: other) == .otherChain(genesis: Self.chain.genesis, own: .zero))
    let suite = ChainContext(suite: .sm2SM3, genesis: Self.chain.genesis)
    #expect(Self.fault(Self.hello.bytes, chain: suite) == .otherSuite(code: 1, own: .sm2SM3))
  }

  @Test("Another protocol version is reported as such, whatever follows it")
  func otherVersion() {
    var hello = Self.hello
    hello.version = 1
    #expect(Self.fault(hello.bytes) == .otherProtocol(version: 1, own: 3))
    #expect(Self.fault(hello.bytes + [1, 2, 3]) == .otherProtocol(version: 1, own: 3))
    #expect(Self.fault([FrameKind.hello, 9, 0]) == .otherProtocol(version: 9, own: 3))
  }

  @Test("N1: a hello cut at any byte, with bytes to spare, or of another kind is malformed")
  func malformed() {
    let bytes = Self.hello.bytes
    for cut in 0..<bytes.count { #expect(Self.fault(Array(bytes[..<cut]))?.code == "peer.malformed-hello") }
    #expect(Self.fault(bytes + [0])?.code == "peer.malformed-hello")
    #expect(Self.fault([1] + bytes.dropFirst())?.code == "peer.malformed-hello")
    let three = bytes.dropLast() + [3] + [UInt8](repeating: 1, count: 24)
    #expect(Self.fault(Array(three))?.code == "peer.malformed-hello")
  }
}
