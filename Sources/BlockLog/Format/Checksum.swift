/// CRC-32C (Castagnoli; RFC 3720 appendix B.4): finds every burst of up to 32 flipped bits. Against
/// accidents only; what must withstand people is signed or hashed inside the records.
enum Checksum {
  /// Eight tables: `tables[k * 256 + b]` is the remainder of byte `b` followed by `k` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1 }
      tables[byte] = remainder
    }
    for index in 256..<8 * 256 {
      let shorter = tables[index - 256]
      tables[index] = shorter >> 8 ^ tables[Int(shorter & 0xFF)]
    }
    return tables
  }()

  /// The checksum of what `seed` is the checksum of, followed by `bytes`. Eight bytes a step ("slicing by
  /// eight", Kounavis and Berry 2008).
  static func crc32c(_ bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      tables.withUnsafeBufferPointer { tables in
        var remainder = ~seed
        var offset = 0
        while raw.count - offset >= 8 {
          let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          let low = UInt32(truncatingIfNeeded: word) ^ remainder
          let high = UInt32(truncatingIfNeeded: word >> 32)
          remainder =
            tables[0x700 + Int(low & 0xFF)] ^ tables[0x600 + Int(low >> 8 & 0xFF)]
            ^ tables[0x500 + Int(low >> 16 & 0xFF)] ^ tables[0x400 + Int(low >> 24)]
            ^ tables[0x300 + Int(high & 0xFF)] ^ tables[0x200 + Int(high >> 8 & 0xFF)]
            ^ tables[0x100 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
          offset += 8
        }
        while offset < raw.count {
          remainder = remainder >> 8 ^ tables[Int((remainder ^ UInt32(raw[offset])) & 0xFF)]
          offset += 1
        }
        return ~remainder
      }
    }
  }
}
