public import Primitives

/// The key that identifies a node to its peers in TLS, with the certificate that TLS requires for it.
///
/// The key is always P-256, whatever the suite of the chain, because TLS 1.3 supports it everywhere. Peers compare
/// only `pin`; nobody else vouches for the certificate, and it does not expire.
public struct TransportIdentity: Sendable {
  /// The SHA-256 of the certificate's SubjectPublicKeyInfo in DER (as in RFC 7469, section 2.4).
  public let pin: Digest
  /// The certificate as one PEM block.
  public let certificatePEM: [UInt8]
  public let certificateDER: [UInt8]
  private let key: PrivateKey

  /// Generates a key and a certificate for `name`: 1 to 63 bytes of letters, digits, points and hyphens.
  public static func generate(name: String) throws(CryptoError) -> TransportIdentity {
    guard (1...63).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte) else { throw .certificateName(name) }
    let key = try PrivateKey.generate(.p256SHA256)
    return try TransportIdentity(key, CertificateHandle(selfSigned: key.handle, name: name))
  }

  /// Reads the two files that `write` creates.
  public static func read(
    certificate certificatePath: String, key keyPath: String
  ) throws(CryptoError)
    -> TransportIdentity
  {
    let key = try KeyFile.read(keyPath, suite: .p256SHA256)
    let text = try SystemFile.read(certificatePath, isPrivate: false)
    return try text.withBytes { (text) throws(CryptoError) in
      try identity(of: key, certificate: text, path: certificatePath)
    }
  }

  /// A key with the content of its certificate's file, which errors call `path`.
  package static func identity(
    of key: PrivateKey, certificate text: UnsafeRawBufferPointer, path: String
  ) throws(CryptoError) -> TransportIdentity {
    guard let certificate = CertificateHandle(pem: text) else { throw .file(path: path, fault: .notPEM) }
    guard certificate.isFor(key.handle) else { throw .file(path: path, fault: .mismatch) }
    return try TransportIdentity(key, certificate)
  }

  private init(_ key: PrivateKey, _ certificate: consuming CertificateHandle) throws(CryptoError) {
    self.key = key
    certificatePEM = try certificate.pem()
    certificateDER = try certificate.der()
    pin = Self.pin(ofSubjectPublicKeyInfoDER: try certificate.subjectPublicKeyInfoDER())
  }

  /// The private key as PKCS#8 PEM, for the TLS library. This is secret.
  public func privateKeyPEM() throws(CryptoError) -> [UInt8] {
    try key.handle.privatePEM(passphrase: nil).withBytes { Array($0) }
  }

  /// Creates both files, which must not exist: the key with mode 0600, the certificate with mode 0644.
  public func write(certificate certificatePath: String, key keyPath: String) throws(CryptoError) {
    try KeyFile.write(key, to: keyPath)
    do throws(CryptoError) {
      try certificatePEM.span.bytes.withUnsafeBytes { (text) throws(CryptoError) in
        try SystemFile.create(certificatePath, text, mode: 0o644)
      }
    } catch {
      // Half a pair would only get in the way of the next attempt.
      try? SystemFile.destroy(keyPath)
      throw error
    }
  }

  /// The pin of a peer's certificate. Throws if `bytes` are not exactly one certificate.
  public static func pin(ofCertificateDER bytes: [UInt8]) throws(CryptoError) -> Digest {
    let certificate = try CertificateHandle(der: bytes)
    return pin(ofSubjectPublicKeyInfoDER: try certificate.subjectPublicKeyInfoDER())
  }

  /// The pin of a public key that the TLS library provides in DER.
  public static func pin(ofSubjectPublicKeyInfoDER bytes: [UInt8]) -> Digest {
    var hash = HashFunction(.p256SHA256)
    return hash.hash(bytes)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension TransportIdentity: CustomStringConvertible, CustomReflectable {
  /// The pin, but nothing secret.
  public var description: String { "TransportIdentity(pin \(pin))" }
  public var customMirror: Mirror { Mirror(self, children: ["pin": pin.description]) }
}
