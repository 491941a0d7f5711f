internal import COpenSSL
internal import Primitives

/// The sole owner of an `X509`, an X.509 certificate.
struct CertificateHandle: ~Copyable {
  private let pointer: OpaquePointer

  /// Reads a DER certificate with nothing after it.
  init(der: [UInt8]) throws(CryptoError) {
    let (pointer, isWhole) = der.withUnsafeBufferPointer { bytes in
      var start = bytes.baseAddress
      let pointer = d2i_X509(nil, &start, bytes.count)
      return (pointer, start == bytes.baseAddress.map { $0 + bytes.count })
    }
    ERR_clear_error()
    guard let pointer else { throw .certificate(field: "its DER encoding") }
    guard isWhole else {
      X509_free(pointer)
      throw .certificate(field: "the data after its DER encoding")
    }
    self.pointer = pointer
  }

  /// Reads the first certificate of a PEM text. Returns nil if there is none.
  init?(pem: UnsafeRawBufferPointer) {
    defer { ERR_clear_error() }
    guard let file = try? MemoryFile(reading: pem), let pointer = PEM_read_bio_X509(file.bio, nil, nil, nil) else {
      return nil
    }
    self.pointer = pointer
  }

  /// Creates a self-signed certificate for `key` that states only a name and never expires.
  ///
  /// notBefore is the beginning of Unix time, so that no clock matters; notAfter is the "no well-defined expiration
  /// date" of RFC 5280 (section 4.1.2.5).
  init(selfSigned key: KeyHandle, name: String) throws(CryptoError) {
    guard let pointer = X509_new() else { throw .drained("make a certificate") }
    guard Self.fill(pointer, key, name) else {
      X509_free(pointer)
      throw .drained("make a certificate")
    }
    self.pointer = pointer
  }

  deinit {
    X509_free(pointer)
  }

  func isFor(_ key: KeyHandle) -> Bool {
    let matches = X509_check_private_key(pointer, key.pointer) == 1
    ERR_clear_error()
    return matches
  }

  func der() throws(CryptoError) -> [UInt8] {
    try encoded("encode a certificate") { i2d_X509(pointer, $0) }
  }

  func subjectPublicKeyInfoDER() throws(CryptoError) -> [UInt8] {
    try encoded("encode a public key") { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(pointer), $0) }
  }

  func pem() throws(CryptoError) -> [UInt8] {
    let file = try MemoryFile()
    guard PEM_write_bio_X509(file.bio, pointer) == 1 else { throw .drained("encode a certificate") }
    return file.withBytes { Array($0) }
  }

  /// Calls an `i2d` function twice, as its manual requires: for the length, then for the bytes.
  private func encoded(
    _ operation: StaticText, _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
  ) throws(CryptoError) -> [UInt8] {
    let count = Int(encode(nil))
    guard count > 0 else { throw .drained(operation) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var start = buffer.baseAddress
      filled = max(0, Int(encode(&start)))
    }
  }

  private static func fill(_ certificate: OpaquePointer, _ key: KeyHandle, _ name: String) -> Bool {
    X509_set_version(certificate, Int(X509_VERSION_3)) == 1
      && setSerial(certificate)
      && setName(certificate, name)
      && ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "19700101000000Z") == 1
      && ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1
      && X509_set_pubkey(certificate, key.pointer) == 1
      && add(certificate, NID_basic_constraints, "critical,CA:FALSE")
      && add(certificate, NID_key_usage, "critical,digitalSignature")
      && add(certificate, NID_ext_key_usage, "serverAuth,clientAuth")
      && add(certificate, NID_subject_alt_name, "DNS:\(name)")
      && X509_sign(certificate, key.pointer, EVP_sha256()) > 0
  }

  /// Sets a positive serial number of 127 bits, 126 of them random (RFC 5280, section 4.1.2.2).
  private static func setSerial(_ certificate: OpaquePointer) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { return false }
    bytes[0] = bytes[0] & 0x7F | 0x40
    guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return false }
    defer { BN_free(number) }
    return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
  }

  private static func setName(_ certificate: OpaquePointer, _ name: String) -> Bool {
    // MBSTRING_UTF8, a macro that Swift cannot import.
    let encoding: Int32 = 0x1000
    let bytes = Array(name.utf8)
    guard let subject = X509_get_subject_name(certificate),
      X509_NAME_add_entry_by_txt(subject, "CN", encoding, bytes, Int32(bytes.count), -1, 0) == 1
    else { return false }
    return X509_set_issuer_name(certificate, subject) == 1
  }

  private static func add(_ certificate: OpaquePointer, _ kind: Int32, _ value: String) -> Bool {
    guard let field = X509V3_EXT_conf_nid(nil, nil, kind, value) else { return false }
    defer { X509_EXTENSION_free(field) }
    return X509_add_ext(certificate, field, -1) == 1
  }
}
