internal import NIOSSL
internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Key of a certificate")
struct CertificateKeyTests {
  static func certificate(_ identity: TestIdentity) throws -> [UInt8] {
    try #require(try NIOSSLCertificate.fromPEMBytes(identity.certificatePEM).first).toDERBytes()
  }

  @Test("The key found is the one that OpenSSL finds")
  func sameKey() throws {
    for identity in TestIdentity.all {
      let key = CertificateKey.subjectPublicKeyInfo(ofCertificate: try Self.certificate(identity))
      #expect(key.map(TestIdentity.pin(ofSubjectPublicKeyInfo:)) == identity.pin)
    }
  }

  @Test("N1: a certificate cut short or extended has no key")
  func cut() throws {
    let certificate = try Self.certificate(TestIdentity.all[0])
    for count in 0..<certificate.count {
      #expect(CertificateKey.subjectPublicKeyInfo(ofCertificate: Array(certificate[..<count])) == nil)
    }
    #expect(CertificateKey.subjectPublicKeyInfo(ofCertificate: certificate + [0]) == nil)
  }

  @Test("N1: changed bytes never trap")
  func mutated() throws {
    let certificate = try Self.certificate(TestIdentity.all[0])
    var generator = SeededGenerator(seed: 7)
    for place in certificate.indices {
      for value: UInt8 in [0, 0x7F, 0x80, 0x81, 0x84, 0xFF, UInt8.random(in: 0...255, using: &generator)] {
        var changed = certificate
        changed[place] = value
        if let key = CertificateKey.subjectPublicKeyInfo(ofCertificate: changed) {
          #expect(key.count <= certificate.count)
        }
      }
    }
  }
}
