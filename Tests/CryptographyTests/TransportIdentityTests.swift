import Primitives
import TestHarness
import Testing

@testable import Cryptography

@Testing.Suite("TransportIdentity")
struct TransportIdentityTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test("D7: an identity is read back from its files, whose key only the owner can read")
  func roundTrip() throws {
    let identity = try TransportIdentity.generate(name: "node1")
    let certificate = directory.file("node.crt")
    let key = directory.file("node.key")
    try identity.write(certificate: certificate, key: key)
    #expect(try directory.mode(of: key) == 0o600)
    #expect(try directory.mode(of: certificate) == 0o644)
    let read = try TransportIdentity.read(certificate: certificate, key: key)
    #expect(read.pin == identity.pin)
    #expect(read.certificateDER == identity.certificateDER)
    #expect(read.certificatePEM == identity.certificatePEM)
    #expect(try read.privateKeyPEM() == identity.privateKeyPEM())
    #expect(try directory.data(of: certificate) == identity.certificatePEM)
    #expect(try directory.data(of: key) == identity.privateKeyPEM())
    try directory.setMode(0o640, of: key)
    #expect(throws: CryptoError.file(path: key, fault: .tooOpen(mode: 0o640))) {
      try TransportIdentity.read(certificate: certificate, key: key)
    }
  }

  @Test("The pin is that of the public key in the certificate, and of no other")
  func pins() throws {
    let identity = try TransportIdentity.generate(name: "node1")
    let other = try TransportIdentity.generate(name: "node1")
    #expect(try TransportIdentity.pin(ofCertificateDER: identity.certificateDER) == identity.pin)
    #expect(identity.pin != other.pin)
  }

  @Test("Bytes that are not exactly one certificate have no pin and never trap")
  func refused() throws {
    let certificate = try TransportIdentity.generate(name: "node1").certificateDER
    func isRefused(_ bytes: [UInt8]) -> Bool {
      guard case .certificate = error(of: { _ = try TransportIdentity.pin(ofCertificateDER: bytes) }) else {
        return false
      }
      return true
    }
    #expect(isRefused([]))
    #expect(isRefused(certificate + [0]))
    #expect(isRefused(certificate + certificate))
    for length in 0..<certificate.count { #expect(isRefused(Array(certificate.prefix(length)))) }
    var random = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      var bytes = certificate
      for _ in 0...random.next() % 3 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = try? TransportIdentity.pin(ofCertificateDER: bytes)
    }
  }

  @Test("A certificate for another key, and a file without one, are refused")
  func mismatch() throws {
    let certificate = directory.file("a.crt")
    let key = directory.file("b.key")
    try TransportIdentity.generate(name: "a").write(certificate: certificate, key: directory.file("a.key"))
    try TransportIdentity.generate(name: "b").write(certificate: directory.file("b.crt"), key: key)
    #expect(throws: CryptoError.file(path: certificate, fault: .mismatch)) {
      try TransportIdentity.read(certificate: certificate, key: key)
    }
    let text = try directory.write("no certificate", to: "text", mode: 0o644)
    #expect(throws: CryptoError.file(path: text, fault: .notPEM)) {
      try TransportIdentity.read(certificate: text, key: key)
    }
  }

  @Test(
    "An empty, too long or ambiguous name for a certificate is refused",
    arguments: ["", "a,DNS:b", "a b", "ä", "a\nb", "*.a", String(repeating: "a", count: 64)])
  func names(name: String) throws {
    #expect(throws: CryptoError.certificateName(name)) { try TransportIdentity.generate(name: name) }
  }

  @Test("D7: describing or dumping an identity shows nothing of the key")
  func description() throws {
    let identity = try TransportIdentity.generate(name: "node1")
    var dumped = ""
    dump(identity, to: &dumped)
    #expect("\(identity)" == "TransportIdentity(pin \(identity.pin))")
    #expect(!dumped.contains("PRIVATE"))
    #expect(dumped.count < 200)
  }
}
