import Testing

@testable import BlockLog

@Testing.Suite("Checksum")
struct ChecksumTests {
  func crc(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 { Checksum.crc32c(bytes.span.bytes, seed: seed) }

  @Test("It gives the known answers of RFC 3720 B.4")
  func knownAnswers() {
    #expect(crc(Array("123456789".utf8)) == 0xE306_9283)
    #expect(crc([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(crc([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(crc(Array(0..<32)) == 0x46DD_794E)
    #expect(crc((0..<32).reversed()) == 0x113F_DB5C)
    #expect(crc([]) == 0)
  }

  @Test("A checksum continues from a seed, at any cut")
  func seeds() {
    let bytes = (0..<100).map { UInt8($0 &* 37 & 0xFF) }
    for cut in 0...bytes.count {
      #expect(crc(Array(bytes[cut...]), seed: crc(Array(bytes[..<cut]))) == crc(bytes))
    }
  }

  @Test("Every length and alignment agrees with the definition, bit by bit")
  func definition() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 73 ^ $0 >> 3) }
    for start in 0..<9 {
      var remainder = UInt32.max
      for end in start..<bytes.count {
        #expect(Checksum.crc32c(bytes.span.bytes.extracting(start..<end)) == ~remainder)
        remainder ^= UInt32(bytes[end])
        for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1 }
      }
    }
  }
}
