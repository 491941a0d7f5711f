internal import COpenSSL
internal import Primitives

/// The checks of an Ed25519 public key that OpenSSL does not make when it loads the key.
enum EdwardsPoint {
  /// The fault of the 32 bytes of a point (RFC 8032, section 5.1.2); nil if there is none.
  static func fault(_ encoding: Digest) throws(CryptoError) -> PublicKeyFault? {
    var y = CurveOrder.reversed(encoding)
    y.word0 &= 0x7FFF_FFFF_FFFF_FFFF
    guard y < prime else { return .notCanonical }
    guard !smallOrder.contains(y) else { return .smallOrder }
    return try isOnCurve(y) ? nil : .notOnCurve
  }

  /// Whether an x exists for this y: x^2 = (y^2 - 1) / (d y^2 + 1) is a square exactly if (y^2 - 1)(d y^2 + 1) is
  /// one.
  private static func isOnCurve(_ y: Digest) throws(CryptoError) -> Bool {
    guard let context = BN_CTX_new() else { throw .drained("make a number context") }
    defer { BN_CTX_free(context) }
    BN_CTX_start(context)
    defer { BN_CTX_end(context) }
    // Once BN_CTX_get has failed, all further calls fail, so checking the last result is enough.
    let square = BN_CTX_get(context)
    let product = BN_CTX_get(context)
    let p = BN_CTX_get(context)
    guard let factor = BN_CTX_get(context), load(y, square), load(prime, p), load(d, factor),
      BN_mod_sqr(square, square, p, context) == 1,
      BN_mod_mul(factor, factor, square, p, context) == 1,
      BN_add_word(factor, 1) == 1,
      // y is neither 0 nor 1, which are of small order, so the square stays positive.
      BN_sub_word(square, 1) == 1,
      BN_mod_mul(product, square, factor, p, context) == 1
    else { throw .drained("check a point") }
    let symbol = BN_kronecker(product, p, context)
    guard symbol >= -1 else { throw .drained("check a point") }
    return symbol >= 0
  }

  private static func load(_ value: Digest, _ number: OpaquePointer?) -> Bool {
    value.withUnsafeBytes { bytes in
      BN_bin2bn(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count), number)
    } != nil
  }

  /// 2^255 - 19.
  private static let prime = Digest(
    0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFED)
  /// d of the curve (RFC 8032, section 5.1).
  private static let d = Digest(
    0x5203_6CEE_2B6F_FE73, 0x8CC7_4079_7779_E898, 0x0070_0A4D_4141_D8AB, 0x75EB_4DCA_1359_78A3)
  /// The y of the eight points whose order divides 8. Each y belongs to two points, or to one with x = 0.
  private static let smallOrder: [Digest] = [
    // Order 4: (+-sqrt(-1), 0).
    Digest(0, 0, 0, 0),
    // The neutral element.
    Digest(0, 0, 0, 1),
    // Order 2: y = -1.
    Digest(0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFEC),
    // Order 8.
    Digest(0x05FC_536D_8802_38B1, 0x3933_C6D3_05AC_DFD5, 0xF098_EFF2_89F4_C345, 0xB027_B2C2_8F95_E826),
    Digest(0x7A03_AC92_77FD_C74E, 0xC6CC_392C_FA53_202A, 0x0F67_100D_760B_3CBA, 0x4FD8_4D3D_706A_17C7),
  ]
}
