/// CRC-32C (Castagnoli; RFC 3720 appendix B.4), which detects every burst of up to 32 flipped bits. It protects against
/// accidents only; whatever must withstand people is signed or hashed inside the records.
package enum Checksum {
  /// Sixteen tables: `tables[k * 256 + b]` is the remainder of byte `b` followed by `k` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 16 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1 }
      tables[byte] = remainder
    }
    for index in 256..<16 * 256 {
      let shorter = tables[index - 256]
      tables[index] = shorter >> 8 ^ tables[Int(shorter & 0xFF)]
    }
    return tables
  }()

  /// The checksum of `bytes` appended to the data whose checksum is `seed`. Processes sixteen bytes per step
  /// ("slicing", Kounavis and Berry 2008): the look-ups within a step do not depend on each other, only on the previous
  /// step.
  package static func crc32c(_ bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      tables.withUnsafeBufferPointer { tables in
        guard let tables = tables.baseAddress else { return seed }
        var remainder = ~seed
        var offset = 0
        while raw.count - offset >= 16 {
          let first = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          let second = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
          let later = slice(second, tables)
          remainder = slice(first ^ UInt64(remainder), tables + 8 * 256) ^ later
          offset &+= 16
        }
        while offset < raw.count {
          remainder = remainder >> 8 ^ tables[Int((remainder ^ UInt32(raw[offset])) & 0xFF)]
          offset &+= 1
        }
        return ~remainder
      }
    }
  }

  /// The remainder of eight bytes; `tables` selects how many bytes follow them.
  @inline(__always)
  private static func slice(_ word: UInt64, _ tables: UnsafePointer<UInt32>) -> UInt32 {
    let low =
      tables[0x700 &+ Int(word & 0xFF)] ^ tables[0x600 &+ Int(word >> 8 & 0xFF)]
      ^ tables[0x500 &+ Int(word >> 16 & 0xFF)] ^ tables[0x400 &+ Int(word >> 24 & 0xFF)]
    let high =
      tables[0x300 &+ Int(word >> 32 & 0xFF)] ^ tables[0x200 &+ Int(word >> 40 & 0xFF)]
      ^ tables[0x100 &+ Int(word >> 48 & 0xFF)] ^ tables[Int(word >> 56)]
    return low ^ high
  }
}
