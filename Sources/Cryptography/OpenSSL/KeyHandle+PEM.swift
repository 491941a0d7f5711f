internal import COpenSSL
internal import Primitives

extension KeyHandle {
  /// The iterations of PBKDF2 with HMAC-SHA-256 that OWASP recommended in 2023. They take a fifth of a second.
  private static let derivationRounds: Int32 = 600_000

  /// The key as PKCS#8 in PEM, encrypted if a passphrase is given.
  func privatePEM(passphrase: [UInt8]?) throws(CryptoError) -> MemoryFile {
    try SecretMemory.handling { () throws(CryptoError) in try encodedPEM(passphrase) }
  }

  private func encodedPEM(_ passphrase: [UInt8]?) throws(CryptoError) -> MemoryFile {
    let file = try MemoryFile()
    guard let information = EVP_PKEY2PKCS8(pointer) else { throw .drained("encode a private key") }
    defer { PKCS8_PRIV_KEY_INFO_free(information) }
    guard let passphrase else {
      guard PEM_write_bio_PKCS8_PRIV_KEY_INFO(file.bio, information) == 1 else {
        throw .drained("encode a private key")
      }
      return file
    }
    let encrypted = passphrase.withUnsafeBytes { passphrase in
      // Without a given salt OpenSSL draws one. -1 selects PBES2.
      PKCS8_encrypt(
        -1, EVP_aes_256_cbc(), passphrase.baseAddress?.assumingMemoryBound(to: CChar.self),
        Int32(passphrase.count), nil, 0, Self.derivationRounds, information)
    }
    guard let encrypted else { throw .drained("encrypt a private key") }
    defer { X509_SIG_free(encrypted) }
    guard PEM_write_bio_PKCS8(file.bio, encrypted) == 1 else { throw .drained("encode a private key") }
    return file
  }

  /// Reads the first private key of the PEM `text`, which must be of `suite` and have two halves that match.
  static func readPrivatePEM(
    _ text: UnsafeRawBufferPointer, suite: Suite, passphrase: [UInt8]?
  ) throws(FileFault) -> KeyHandle {
    try SecretMemory.handling { () throws(FileFault) in try decodedPEM(text, suite, passphrase) }
  }

  private static func decodedPEM(
    _ text: UnsafeRawBufferPointer, _ suite: Suite, _ passphrase: [UInt8]?
  ) throws(FileFault) -> KeyHandle {
    guard contains(text, "PRIVATE KEY-----") else { throw .notPEM }
    if passphrase != nil {
      let rounds = DerivationCost.rounds(inPEM: text)
      guard rounds <= DerivationCost.maximumRounds else {
        throw .derivation(rounds: rounds, limit: DerivationCost.maximumRounds)
      }
    }
    var request = PassphraseRequest(passphrase: passphrase)
    let pointer = withUnsafeMutablePointer(to: &request) { request -> OpaquePointer? in
      guard let file = try? MemoryFile(reading: text) else { return nil }
      return PEM_read_bio_PrivateKey_ex(file.bio, nil, answerPassphrase, request, nil, nil)
    }
    ERR_clear_error()
    guard let pointer else {
      guard request.wasAsked else { throw .damaged }
      throw passphrase == nil ? .passphraseNeeded : .passphraseWrong
    }
    let handle = KeyHandle(owning: pointer)
    let found = handle.typeName
    guard found == suite.typeName else { throw .suite(expected: suite, found: found) }
    guard handle.isConsistent else { throw .damaged }
    return handle
  }

  /// Whether the key has both halves, and they are in range and match.
  var isConsistent: Bool { SecretMemory.handling { checkHalves() } }

  private func checkHalves() -> Bool {
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return false }
    defer {
      EVP_PKEY_CTX_free(context)
      ERR_clear_error()
    }
    return EVP_PKEY_private_check(context) == 1 && EVP_PKEY_pairwise_check(context) == 1
  }

  /// OpenSSL's name of the key type, followed by the curve if the type has several.
  private var typeName: String {
    guard let type = EVP_PKEY_get0_type_name(pointer) else { return "unknown" }
    let name = String(cString: type)
    var group = [CChar](repeating: 0, count: 64)
    var count = 0
    guard EVP_PKEY_get_group_name(pointer, &group, group.count, &count) == 1 else {
      ERR_clear_error()
      return name
    }
    return name + " " + String(decoding: group.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func contains(_ text: UnsafeRawBufferPointer, _ needle: String) -> Bool {
    let needle = Array(needle.utf8)
    guard text.count >= needle.count else { return false }
    return (0...text.count - needle.count).contains { start in
      text[start..<start + needle.count].elementsEqual(needle)
    }
  }
}

extension Suite {
  /// The value of `KeyHandle.typeName` for keys of this suite.
  fileprivate var typeName: String {
    guard let group else { return keyType }
    return keyType + " " + group
  }
}

private struct PassphraseRequest {
  let passphrase: [UInt8]?
  var wasAsked = false
}

/// Gives OpenSSL the passphrase of an encrypted key. Without this callback OpenSSL would ask on the terminal.
private func answerPassphrase(
  _ output: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32, _ request: UnsafeMutableRawPointer?
) -> Int32 {
  guard let request = request?.assumingMemoryBound(to: PassphraseRequest.self), let output else { return -1 }
  request.pointee.wasAsked = true
  guard let passphrase = request.pointee.passphrase, passphrase.count <= Int(size) else { return -1 }
  for (index, byte) in passphrase.enumerated() { output[index] = CChar(bitPattern: byte) }
  return Int32(passphrase.count)
}
