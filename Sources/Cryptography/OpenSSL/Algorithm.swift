internal import COpenSSL
internal import Primitives

/// OpenSSL's names for what a suite uses.
extension Suite {
  /// The key type, as `EVP_PKEY_CTX_new_from_name` takes it and `EVP_PKEY_get0_type_name` gives it.
  var keyType: String {
    switch self {
    case .p256SHA256: "EC"
    case .ed25519SHA256: "ED25519"
    case .sm2SM3: "SM2"
    }
  }

  /// The curve of an elliptic key type that has several, as `OSSL_PKEY_PARAM_GROUP_NAME`.
  var group: String? {
    switch self {
    case .p256SHA256: "prime256v1"
    case .ed25519SHA256: nil
    case .sm2SM3: "SM2"
    }
  }

  /// The digest inside the signature; none for Ed25519, which hashes by itself.
  var signatureDigest: String? {
    switch self {
    case .p256SHA256: "SHA256"
    case .ed25519SHA256: nil
    case .sm2SM3: "SM3"
    }
  }

  /// The signer's identity of SM2: the default of GM/T 0009. OpenSSL's own default is an empty one.
  static let sm2Identity: [UInt8] = Array("1234567812345678".utf8)
}
