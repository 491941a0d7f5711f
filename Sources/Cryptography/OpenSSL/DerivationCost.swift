internal import COpenSSL

/// What it costs to derive the key of an encrypted key file from its passphrase, read without doing it.
package enum DerivationCost {
  /// The most rounds of PBKDF2 or of an older scheme that are done, in some seconds. The file chooses them, and OpenSSL
  /// would do two thousand million. It limits scrypt itself, by its memory.
  static let maximumRounds = 10_000_000

  /// The greatest number of rounds that an encrypted block of a PEM text asks for; 0 if none does.
  package static func rounds(inPEM text: UnsafeRawBufferPointer) -> Int {
    guard let file = try? MemoryFile(reading: text) else { return 0 }
    defer { ERR_clear_error() }
    var most = 0
    var rest = BIO_ctrl_pending(file.bio)
    while rest > 0 {
      // Nil for a block that cannot be decoded, after which there may be others.
      if let block = PEM_read_bio_PKCS8(file.bio, nil, nil, nil) {
        most = max(most, rounds(of: block))
        X509_SIG_free(block)
      }
      let now = BIO_ctrl_pending(file.bio)
      guard now < rest else { break }
      rest = now
    }
    return most
  }

  private static func rounds(of block: OpaquePointer) -> Int {
    var algorithm: UnsafePointer<X509_ALGOR>?
    X509_SIG_get0(block, &algorithm, nil)
    guard let algorithm, let parameter = algorithm.pointee.parameter else { return 0 }
    if OBJ_obj2nid(algorithm.pointee.algorithm) == NID_pbes2 {
      guard let scheme = unpack(parameter, PBE2PARAM_it()) else { return 0 }
      let pointer = scheme.assumingMemoryBound(to: PBE2PARAM.self)
      defer { PBE2PARAM_free(pointer) }
      guard let function = pointer.pointee.keyfunc, OBJ_obj2nid(function.pointee.algorithm) == NID_id_pbkdf2,
        let inner = function.pointee.parameter, let found = unpack(inner, PBKDF2PARAM_it())
      else { return 0 }
      let derivation = found.assumingMemoryBound(to: PBKDF2PARAM.self)
      defer { PBKDF2PARAM_free(derivation) }
      return number(derivation.pointee.iter)
    }
    // The schemes of PKCS#5 version 1 and of PKCS#12.
    guard let found = unpack(parameter, PBEPARAM_it()) else { return 0 }
    let derivation = found.assumingMemoryBound(to: PBEPARAM.self)
    defer { PBEPARAM_free(derivation) }
    return number(derivation.pointee.iter)
  }

  private static func unpack(
    _ parameter: UnsafeMutablePointer<ASN1_TYPE>, _ form: OpaquePointer?
  ) -> UnsafeMutableRawPointer? {
    ASN1_TYPE_unpack_sequence(form, parameter)
  }

  /// A number that does not fit is as bad as the greatest.
  private static func number(_ number: UnsafeMutablePointer<ASN1_INTEGER>?) -> Int {
    var value: Int64 = 0
    guard let number, ASN1_INTEGER_get_int64(&value, number) == 1 else { return .max }
    return Int(value)
  }
}
