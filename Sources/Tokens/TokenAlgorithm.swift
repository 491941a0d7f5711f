internal import CPKCS11
internal import Primitives

/// How PKCS #11 says what a suite signs with. No standard mechanism signs with SM2.
struct TokenAlgorithm {
  let keyType: CK_KEY_TYPE
  let signing: CK_MECHANISM_TYPE
  let generation: CK_MECHANISM_TYPE
  /// The forms of CKA_EC_PARAMS that name the curve; the first is used for new keys.
  let parameters: [[UInt8]]
  /// The length of a public key in CKA_EC_POINT.
  let pointBytes: Int

  init?(_ suite: Suite) {
    switch suite {
    case .p256SHA256:
      keyType = CKK_EC
      signing = CKM_ECDSA
      generation = CKM_EC_KEY_PAIR_GEN
      parameters = [[0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]]
      pointBytes = 65
    case .ed25519SHA256:
      keyType = CKK_EC_EDWARDS
      signing = CKM_EDDSA
      generation = CKM_EC_EDWARDS_KEY_PAIR_GEN
      // The name as a PrintableString, and the object identifier of RFC 8410.
      parameters = [[0x13, 0x0C] + Array("edwards25519".utf8), [0x06, 0x03, 0x2B, 0x65, 0x70]]
      pointBytes = 32
    case .sm2SM3:
      return nil
    }
  }

  /// The suite whose keys have this type and these parameters.
  static func suite(keyType: [UInt8]?, parameters: [UInt8]?) -> Suite? {
    Suite.allCases.first { suite in
      guard let algorithm = TokenAlgorithm(suite), let parameters else { return false }
      return keyType == withUnsafeBytes(of: algorithm.keyType) { Array($0) }
        && algorithm.parameters.contains(parameters)
    }
  }

  /// The names of the suites for which a token has the mechanisms.
  static func offered(_ mechanisms: Set<CK_MECHANISM_TYPE>) -> [String] {
    Suite.allCases.filter { TokenAlgorithm($0).map { mechanisms.contains($0.signing) } ?? false }.map(\.name)
  }

  /// The public key in CKA_EC_POINT: the point in an OCTET STRING, as the standard has it, or bare, as some tokens do.
  func publicKey(_ value: [UInt8]) -> PublicKey? {
    var point = value
    if value.count == pointBytes + 2, value[0] == 0x04, Int(value[1]) == pointBytes {
      point = Array(value.dropFirst(2))
    }
    guard point.count == pointBytes else { return nil }
    guard pointBytes == 65 else { return Digest(bytes: point).map { PublicKey(prefix: 0xED, body: $0) } }
    guard point[0] == 0x04 else { return nil }
    return Digest(bytes: point[1..<33]).map { PublicKey(prefix: 2 | point[64] & 1, body: $0) }
  }
}
