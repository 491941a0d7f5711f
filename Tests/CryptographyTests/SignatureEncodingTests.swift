import Primitives
import Testing

@testable import Cryptography

@Testing.Suite("SignatureEncoding")
struct SignatureEncodingTests {
  private func der(_ signature: Signature) -> [UInt8] { signature.der }

  private func read(_ bytes: [UInt8]) -> Signature? { bytes.withUnsafeBytes { SignatureEncoding.readDER($0) } }

  @Test("Integers are written as DER requires: no padding, a zero before a first bit of 1")
  func examples() throws {
    let small = Signature(first: Digest(0, 0, 0, 1), second: Digest(0, 0, 0, 0x80))
    #expect(der(small) == [0x30, 7, 2, 1, 1, 2, 2, 0, 0x80])
    #expect(der(Signature(first: .zero, second: Digest(0, 0, 0, 0x7F))) == [0x30, 6, 2, 1, 0, 2, 1, 0x7F])
    let large = Signature(first: Digest(.max, .max, .max, .max), second: Digest(.max, .max, .max, .max))
    #expect(der(large).count == SignatureEncoding.maximumDERByteCount)
    #expect(der(large).prefix(5) == [0x30, 70, 2, 33, 0])
  }

  @Test("Integers of every length are written and read back")
  func roundTrip() {
    var random = SeededGenerator(seed: 1)
    for first in 0...256 {
      let signature = Signature(first: number(first, &random), second: number(Int(random.next() % 257), &random))
      #expect(read(der(signature)) == signature)
    }
  }

  /// A random number of exactly `bits` bits.
  private func number(_ bits: Int, _ random: inout SeededGenerator) -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    for bit in 0..<bits where bit == bits - 1 || random.next() & 1 == 1 { bytes[31 - bit / 8] |= 1 << UInt8(bit % 8) }
    return Digest(bytes: bytes) ?? .zero
  }

  @Test("Anything else is refused: cut, lengthened, padded, negative, or of another kind")
  func refused() {
    let good: [UInt8] = [0x30, 7, 2, 1, 1, 2, 2, 0, 0x80]
    for length in 0..<good.count { #expect(read(Array(good.prefix(length))) == nil) }
    #expect(read(good + [0]) == nil)
    #expect(read([0x30, 8, 2, 1, 1, 2, 2, 0, 0x80, 0]) == nil)
    #expect(read([0x30, 7, 2, 2, 0, 1, 2, 1, 1]) == nil)
    #expect(read([0x30, 6, 2, 1, 0x80, 2, 1, 1]) == nil)
    #expect(read([0x30, 5, 2, 0, 2, 1, 1]) == nil)
    #expect(read([0x31, 6, 2, 1, 1, 2, 1, 1]) == nil)
    #expect(read([0x30, 6, 3, 1, 1, 2, 1, 1]) == nil)
    #expect(read([0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]) == nil)
    let tooLong = [2, 33, 1] + [UInt8](repeating: 0, count: 32)
    #expect(read([0x30, 38] + tooLong + [2, 1, 1]) == nil)
  }

  @Test("No bytes make the reader trap")
  func fuzz() {
    var random = SeededGenerator(seed: 2)
    let good = der(Signature(first: Digest(.max, 1, 2, 3), second: Digest(4, 5, 6, 7)))
    for _ in 0..<20_000 {
      var bytes = Array(good.prefix(Int(random.next() % 73)))
      for _ in 0..<(random.next() % 4) where !bytes.isEmpty {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if let signature = read(bytes) { #expect(der(signature) == bytes) }
    }
  }
}
