package import Primitives

/// The accepted ranges of the two halves of a signature.
package enum CurveOrder {
  /// n of P-256 (FIPS 186-5 and SP 800-186, section 3.2.1.3).
  static let p256 = Digest(
    0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0xBCE6_FAAD_A717_9E84, 0xF3B9_CAC2_FC63_2551)
  /// (n - 1) / 2 of P-256: the greatest accepted s.
  static let p256Half = Digest(
    0x7FFF_FFFF_8000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0xDE73_7D56_D38B_CF42, 0x79DC_E561_7E31_92A8)
  /// n of the recommended curve of SM2 (GB/T 32918.5).
  static let sm2 = Digest(
    0xFFFF_FFFE_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0x7203_DF6B_21C6_052B, 0x53BB_F409_39D5_4123)
  /// L of Ed25519 (RFC 8032, section 5.1), as a big-endian number.
  static let ed25519 = Digest(
    0x1000_0000_0000_0000, 0x0000_0000_0000_0000, 0x14DE_F9DE_A2F7_9CD6, 0x5812_631A_5CF5_D3ED)

  /// Whether `signature` is in the one accepted form. Needs neither the key nor the message.
  ///
  /// ECDSA: 0 < r < n and 0 < s <= (n - 1) / 2, because (r, n - s) is valid whenever (r, s) is.
  /// SM2: 0 < r, s < n. Nobody without the private key can compute a second form: s enters both s*G and (r + s)*Q, so
  /// finding the s that leads to the negated point takes the private key.
  /// Ed25519: S < L. R needs no check, because verification compares it with a canonical encoding.
  package static func isCanonical(_ signature: Signature, _ suite: Suite) -> Bool {
    switch suite {
    case .p256SHA256:
      signature.first != .zero && signature.first < p256 && signature.second != .zero && signature.second <= p256Half
    case .sm2SM3:
      signature.first != .zero && signature.first < sm2 && signature.second != .zero && signature.second < sm2
    case .ed25519SHA256:
      reversed(signature.second) < ed25519
    }
  }

  /// The form of an ECDSA signature with the lower s.
  package static func lowered(_ signature: Signature) -> Signature {
    guard signature.second > p256Half, signature.second < p256 else { return signature }
    return Signature(first: signature.first, second: difference(p256, signature.second))
  }

  /// The number whose little-endian bytes are those of `value`.
  static func reversed(_ value: Digest) -> Digest {
    Digest(value.word3.byteSwapped, value.word2.byteSwapped, value.word1.byteSwapped, value.word0.byteSwapped)
  }

  /// `left - right`, where `left >= right`.
  private static func difference(_ left: Digest, _ right: Digest) -> Digest {
    var borrow: UInt64 = 0
    func subtract(_ left: UInt64, _ right: UInt64) -> UInt64 {
      let (first, under) = left.subtractingReportingOverflow(right)
      let (second, underAgain) = first.subtractingReportingOverflow(borrow)
      borrow = under || underAgain ? 1 : 0
      return second
    }
    let word3 = subtract(left.word3, right.word3)
    let word2 = subtract(left.word2, right.word2)
    let word1 = subtract(left.word1, right.word1)
    return Digest(subtract(left.word0, right.word0), word1, word2, word3)
  }
}
