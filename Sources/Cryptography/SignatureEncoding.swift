internal import Primitives

/// Converts between this system's fixed 64 bytes and OpenSSL's DER (RFC 3279, section 2.2.3: a SEQUENCE of the
/// INTEGERs r and s).
enum SignatureEncoding {
  /// Two integers of 35 bytes each and the two bytes of the sequence header.
  static let maximumDERByteCount = 72

  /// Writes the DER of `signature` to the start of `output`, which must have room for the maximum, and returns the
  /// length.
  static func writeDER(_ signature: Signature, to output: UnsafeMutableRawBufferPointer) -> Int {
    precondition(output.count >= maximumDERByteCount, "\(output.count) bytes are too few for a DER signature")
    var end = writeInteger(signature.first, to: output, at: 2)
    end = writeInteger(signature.second, to: output, at: end)
    output[0] = 0x30
    output[1] = UInt8(end - 2)
    return end
  }

  private static func writeInteger(_ value: Digest, to output: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
    value.withUnsafeBytes { bytes in
      // DER has no padding: leading zeros are dropped, except for one where the first bit would otherwise mean a
      // minus sign.
      let skipped = bytes.firstIndex { $0 != 0 } ?? bytes.count - 1
      let padding = bytes[skipped] & 0x80 == 0 ? 0 : 1
      let count = bytes.count - skipped + padding
      output[start] = 0x02
      output[start + 1] = UInt8(count)
      if padding == 1 { output[start + 2] = 0 }
      for index in skipped..<bytes.count { output[start + 2 + padding + index - skipped] = bytes[index] }
      return start + 2 + count
    }
  }

  /// The signature that `bytes` encode; nil if they are not the DER of two integers of 0 to 256 bits.
  static func readDER(_ bytes: UnsafeRawBufferPointer) -> Signature? {
    guard bytes.count >= 2, bytes[0] == 0x30, Int(bytes[1]) == bytes.count - 2 else { return nil }
    guard let (first, middle) = readInteger(bytes, at: 2), let (second, end) = readInteger(bytes, at: middle),
      end == bytes.count
    else { return nil }
    return Signature(first: first, second: second)
  }

  private static func readInteger(_ bytes: UnsafeRawBufferPointer, at start: Int) -> (Digest, end: Int)? {
    guard bytes.count - start >= 3, bytes[start] == 0x02 else { return nil }
    let count = Int(bytes[start + 1])
    let end = start + 2 + count
    guard (1...33).contains(count), end <= bytes.count else { return nil }
    var content = bytes[start + 2..<end]
    if content.count > 1, content.first == 0 {
      content = content.dropFirst()
      guard let next = content.first, next & 0x80 != 0 else { return nil }
    } else {
      guard let first = content.first, first & 0x80 == 0 else { return nil }
    }
    guard let value = Digest(bigEndian: UnsafeRawBufferPointer(rebasing: content)) else { return nil }
    return (value, end)
  }
}

extension Digest {
  /// Creates the number that up to 32 big-endian bytes represent. Returns nil if there are more bytes.
  init?(bigEndian bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= Digest.byteCount else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { raw in
      UnsafeMutableRawBufferPointer(rebasing: raw[(raw.count - bytes.count)...]).copyMemory(from: bytes)
    }
    self.init(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
  }
}
