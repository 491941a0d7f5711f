/// Finds the public key in an X.509 certificate (RFC 5280, section 4.1) without interpreting anything else.
///
/// The TLS library has already parsed the certificate. This code reads the same bytes again because the library's own
/// extraction ends the process when it meets a key of an unknown algorithm (attack N1).
enum CertificateKey {
  private static let sequence: UInt8 = 0x30
  private static let integer: UInt8 = 0x02
  private static let explicitVersion: UInt8 = 0xA0

  /// The DER bytes of the certificate's SubjectPublicKeyInfo, or nil if the bytes are not a certificate.
  static func subjectPublicKeyInfo(ofCertificate certificate: [UInt8]) -> [UInt8]? {
    guard let whole = element(certificate, at: 0, end: certificate.count, tag: sequence),
      whole.end == certificate.count,
      let body = element(certificate, at: whole.content, end: whole.end, tag: sequence)
    else { return nil }
    var position = body.content
    if let version = element(certificate, at: position, end: body.end, tag: explicitVersion) {
      position = version.end
    }
    // Skip serial number, signature algorithm, issuer, validity and subject.
    for tag in [integer, sequence, sequence, sequence, sequence] {
      guard let skipped = element(certificate, at: position, end: body.end, tag: tag) else { return nil }
      position = skipped.end
    }
    guard let key = element(certificate, at: position, end: body.end, tag: sequence) else { return nil }
    return Array(certificate[position..<key.end])
  }

  /// Where the contents of the element at `position` begin and end; nil unless it has the tag and ends by `end`.
  private static func element(_ bytes: [UInt8], at position: Int, end: Int, tag: UInt8) -> (content: Int, end: Int)? {
    guard end - position >= 2, bytes[position] == tag else { return nil }
    let first = Int(bytes[position + 1])
    var content = position + 2
    var length = first
    if first >= 0x80 {
      // Definite lengths of one to three bytes are sufficient for any certificate.
      let count = first - 0x80
      guard (1...3).contains(count), end - content >= count else { return nil }
      length = bytes[content..<content + count].reduce(0) { $0 << 8 | Int($1) }
      content += count
    }
    guard length <= end - content else { return nil }
    return (content, content + length)
  }
}
