import Ledger
import Primitives
import Replica
import TestHarness
import Testing

@testable import Signers

@Testing.Suite("What node and signer say to each other")
struct SignerProtocolTests {
  private typealias Samples = SignerSamples

  private var requests: [(SignerRequest, String)] {
    let key = PublicKey(prefix: 2, body: Digest(7, 0, 0, 0))
    let name = TestHarness.Samples.name("node1")
    return [
      (
        .hello(Samples.hello()),
        "01010001010000000000000001000000000000000200000000000000030000000000000004066e6f64652061"
      ),
      (.read, "02"),
      (.prove(key, validator: name), "04020000000000000007" + String(repeating: "0", count: 48) + "056e6f646531"),
      (.generate, "05"),
      (.complete(key), "06020000000000000007" + String(repeating: "0", count: 48)),
      (.succeed(by: key), "07020000000000000007" + String(repeating: "0", count: 48)),
      (.finalized(Samples.round(3)), "0800000000000000000300000000000000"),
      (.ready, "09"),
      (.transaction([1, 2]), "0a020000000102"),
      (
        .sign(Samples.nullify(3), key: key),
        "03020000000000000007" + String(repeating: "0", count: 48) + "0200000000000000000300000000000000"
      ),
    ]
  }

  private var answers: [(SignerAnswer, String)] {
    let key = PublicKey(prefix: 2, body: Digest(7, 0, 0, 0))
    let keyText = "020000000000000007" + String(repeating: "0", count: 48)
    let nullify = "0200000000000000000300000000000000"
    return [
      (.welcome(key), "01" + keyText),
      (.keys(HeldKeys(key), said: []), "02" + keyText + "0000000000"),
      (
        .keys(HeldKeys(key, next: key), said: [Samples.nullify(3)]),
        "02" + keyText + "01" + keyText + "01000000" + nullify
      ),
      (.key(key), "04" + keyText),
      (.done, "05"),
      (.undestroyed("no"), "06026e6f"),
      (.refused(.otherVersion(2, own: 1)), "070102000100"),
      (.refused(.otherRole), "0703"),
      (.refused(.inUse(by: "a")), "07040161"),
      (.refused(.unknownKey(key)), "0705" + keyText),
      (.refused(.conflict(with: Samples.nullify(3))), "0706" + nullify),
      (.refused(.disk("full")), "07070466756c6c"),
      (.refused(.failed("x")), "07080178"),
      (.refused(.gone(key)), "0709" + keyText),
      (.refused(.malformed("x")), "070a0178"),
    ]
  }

  @Test("Every request and every answer has the bytes that the document gives, and reads back")
  func golden() throws {
    for (request, bytes) in requests {
      #expect(Hex.encode(request.bytes) == bytes, "\(request)")
      #expect(try SignerRequest(request.bytes) == request)
      #expect(request.bytes.count <= SignerLimits.voteRequestBytes)
    }
    for (answer, bytes) in answers {
      #expect(Hex.encode(answer.bytes) == bytes, "\(answer)")
      #expect(try SignerAnswer(answer.bytes) == answer)
    }
  }

  @Test("G6: bytes that are cut off, lengthened or of an unknown kind are refused")
  func strict() {
    for bytes in requests.map(\.0.bytes) {
      for count in 0..<bytes.count {
        #expect(throws: CodecError.self) { try SignerRequest(Array(bytes.prefix(count))) }
      }
      #expect(throws: CodecError.self) { try SignerRequest(bytes + [0]) }
    }
    for bytes in answers.map(\.0.bytes) {
      for count in 0..<bytes.count { #expect(throws: CodecError.self) { try SignerAnswer(Array(bytes.prefix(count))) } }
      #expect(throws: CodecError.self) { try SignerAnswer(bytes + [0]) }
    }
    for kind: UInt8 in [0, 11, 255] {
      #expect(throws: CodecError.self) { try SignerRequest([kind]) }
      #expect(throws: CodecError.self) { try SignerAnswer([kind]) }
    }
  }

  @Test("G6: a frame that claims to be longer than allowed is refused before it is read")
  func longFrames() throws {
    var buffer = FrameBuffer(limit: 16)
    buffer.append([17, 0, 0, 0])
    #expect(throws: CodecError.self) { try buffer.next() }
    var whole = FrameBuffer(limit: 16)
    let frame = FrameBuffer.frame(SignerRequest.ready.bytes)
    for byte in frame.dropLast() {
      whole.append([byte])
      let early = try whole.next()
      #expect(early == nil)
    }
    whole.append(frame.suffix(1) + frame)
    let first = try whole.next()
    let second = try whole.next()
    #expect(first == [9] && second == [9])
    #expect(whole.isEmpty)
  }

  @Test("Text that is too long is cut off between characters, so that it can always be read")
  func longText() throws {
    let hello = Samples.hello(.node, String(repeating: "é", count: 300))
    guard case .hello(let read) = try SignerRequest(SignerRequest.hello(hello).bytes) else {
      return #expect(Bool(false))
    }
    #expect(read.description == String(repeating: "é", count: 100))
  }
}
