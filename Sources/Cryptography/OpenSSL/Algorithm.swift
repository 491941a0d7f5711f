internal import COpenSSL
internal import Primitives

/// OpenSSL's names for the algorithms of a suite.
extension Suite {
  /// The key type, as `EVP_PKEY_CTX_new_from_name` takes it and `EVP_PKEY_get0_type_name` returns it.
  var keyType: String {
    switch self {
    case .p256SHA256: "EC"
    case .ed25519SHA256: "ED25519"
    case .sm2SM3: "SM2"
    }
  }

  /// The curve, for key types that have several, as in `OSSL_PKEY_PARAM_GROUP_NAME`.
  var group: String? {
    switch self {
    case .p256SHA256: "prime256v1"
    case .ed25519SHA256: nil
    case .sm2SM3: "SM2"
    }
  }

  /// The digest used for signatures; nil for Ed25519, which does its own hashing.
  var signatureDigest: String? {
    switch self {
    case .p256SHA256: "SHA256"
    case .ed25519SHA256: nil
    case .sm2SM3: "SM3"
    }
  }

  /// The signer's identity for SM2: the default of GM/T 0009. OpenSSL's own default is empty.
  static let sm2Identity: [UInt8] = Array("1234567812345678".utf8)
}
