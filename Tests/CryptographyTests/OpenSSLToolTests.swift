import Primitives
import TestHarness
import Testing

@testable import Cryptography

/// Exchanges files and signatures between this module and the `openssl` command.
@Testing.Suite("The openssl command", .enabled(if: OpenSSLTool.isPresent))
struct OpenSSLToolTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test("It reads the key files written here", arguments: Suite.allCases)
  func reads(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    let plain = directory.file("plain.pem")
    let encrypted = directory.file("encrypted.pem")
    try KeyFile.write(key, to: plain)
    try KeyFile.write(key, to: encrypted, passphrase: Array("secret".utf8))
    let printed = try OpenSSLTool.run("pkey", "-in", plain, "-noout", "-text", "-check")
    #expect(printed.contains("Key is valid"))
    let body = key.publicKey.body.bytes.map { Hex.encode([$0]) }.joined(separator: ":")
    #expect(printed.filter { !$0.isWhitespace }.contains(body))
    let opened = try OpenSSLTool.run("pkey", "-in", encrypted, "-passin", "pass:secret")
    #expect(opened == (try directory.text(of: plain)))
    let structure = try OpenSSLTool.run("asn1parse", "-in", encrypted)
    for part in ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc"] { #expect(structure.contains(part)) }
  }

  @Test("The key files it writes are read here", arguments: Suite.allCases)
  func writes(suite: Primitives.Suite) throws {
    let made = directory.file("made.pem")
    switch suite {
    case .p256SHA256:
      try OpenSSLTool.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", made)
    case .ed25519SHA256: try OpenSSLTool.run("genpkey", "-algorithm", "ED25519", "-out", made)
    case .sm2SM3: try OpenSSLTool.run("genpkey", "-algorithm", "SM2", "-out", made)
    }
    try directory.setMode(0o600, of: made)
    let key = try KeyFile.read(made, suite: suite)
    #expect(verifies(try key.sign([1]), of: [1], by: key.publicKey, suite))
    let encrypted = directory.file("encrypted.pem")
    try OpenSSLTool.run("pkcs8", "-topk8", "-in", made, "-out", encrypted, "-passout", "pass:secret")
    try directory.setMode(0o600, of: encrypted)
    #expect(try KeyFile.read(encrypted, suite: suite, passphrase: Array("secret".utf8)).publicKey == key.publicKey)
  }

  @Test("The older SEC 1 form is read, with parameters before it, and encrypted")
  func traditional() throws {
    let plain = directory.file("traditional.pem")
    try OpenSSLTool.run("ecparam", "-name", "prime256v1", "-genkey", "-out", plain)
    #expect(try directory.text(of: plain).hasPrefix("-----BEGIN EC PARAMETERS-----"))
    try directory.setMode(0o600, of: plain)
    let key = try KeyFile.read(plain, suite: .p256SHA256)
    let encrypted = directory.file("encrypted.pem")
    try OpenSSLTool.run("ec", "-in", plain, "-out", encrypted, "-aes256", "-passout", "pass:secret")
    try directory.setMode(0o600, of: encrypted)
    let opened = try KeyFile.read(encrypted, suite: .p256SHA256, passphrase: Array("secret".utf8))
    #expect(opened.publicKey == key.publicKey)
    // A file may contain the point in compressed form; the key is the same.
    let compressed = directory.file("compressed.pem")
    try OpenSSLTool.run("ec", "-in", plain, "-out", compressed, "-conv_form", "compressed")
    try directory.setMode(0o600, of: compressed)
    #expect(try KeyFile.read(compressed, suite: .p256SHA256).publicKey == key.publicKey)
  }

  @Test("Other kinds of keys are refused by name")
  func otherKinds() throws {
    let kinds: [([String], String)] = [
      (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "EC secp384r1"),
      (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "EC secp256k1"),
      (["-algorithm", "X25519"], "X25519"),
      (["-algorithm", "ED448"], "ED448"),
      (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "RSA"),
    ]
    for (index, (arguments, found)) in kinds.enumerated() {
      let path = directory.file("\(index).pem")
      try OpenSSLTool.run(["genpkey", "-out", path] + arguments)
      try directory.setMode(0o600, of: path)
      for suite in Suite.allCases {
        let expected = CryptoError.file(path: path, fault: .suite(expected: suite, found: found))
        #expect(throws: expected) { try KeyFile.read(path, suite: suite) }
      }
    }
  }

  @Test("It verifies the signatures made here, and its own are verified here", arguments: Suite.allCases)
  func signatures(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    let keyPath = directory.file("key.pem")
    try KeyFile.write(key, to: keyPath)
    let message = try directory.write("a message", to: "message")
    let options: [String] =
      switch suite {
      case .p256SHA256: ["-digest", "sha256"]
      case .ed25519SHA256: []
      case .sm2SM3: ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
      }
    let ours = directory.file("ours")
    let signature = try key.sign(Array("a message".utf8))
    try directory.write(suite == .ed25519SHA256 ? signature.bytes : signature.der, to: "ours")
    let common = ["pkeyutl", "-rawin", "-inkey", keyPath, "-in", message] + options
    #expect(try OpenSSLTool.run(common + ["-verify", "-sigfile", ours]).contains("Verified Successfully"))
    let theirs = directory.file("theirs")
    try OpenSSLTool.run(common + ["-sign", "-out", theirs])
    var made =
      suite == .ed25519SHA256
      ? try #require(Signature(bytes: try directory.data(of: theirs))) : try directory.signature(inDER: theirs)
    if suite == .p256SHA256 { made = CurveOrder.lowered(made) }
    #expect(verifies(made, of: Array("a message".utf8), by: key.publicKey, suite))
  }

  @Test("It reads a node's certificate, which never ends, and agrees on the pin")
  func certificate() throws {
    let identity = try TransportIdentity.generate(name: "node1.bank-a.example")
    let certificate = directory.file("node.crt")
    try identity.write(certificate: certificate, key: directory.file("node.key"))
    let printed = try OpenSSLTool.run("x509", "-in", certificate, "-noout", "-enddate", "-subject", "-text")
    #expect(printed.contains("notAfter=Dec 31 23:59:59 9999 GMT"))
    #expect(printed.contains("DNS:node1.bank-a.example"))
    #expect(printed.contains("CA:FALSE"))
    #expect(try OpenSSLTool.run("verify", "-CAfile", certificate, certificate).contains("OK"))
    let publicKey = directory.file("public.pem")
    let information = directory.file("public.der")
    try OpenSSLTool.run("x509", "-in", certificate, "-noout", "-pubkey", "-out", publicKey)
    try OpenSSLTool.run("pkey", "-pubin", "-in", publicKey, "-outform", "DER", "-out", information)
    #expect(try OpenSSLTool.run("dgst", "-sha256", "-r", information).hasPrefix(identity.pin.description))
    #expect(
      TransportIdentity.pin(ofSubjectPublicKeyInfoDER: try directory.data(of: information)) == identity.pin)
  }
}

extension Signature {
  /// The signature in DER, as the `openssl` command expects it.
  var der: [UInt8] {
    var output = [UInt8](repeating: 0, count: SignatureEncoding.maximumDERByteCount)
    let count = output.withUnsafeMutableBytes { SignatureEncoding.writeDER(self, to: $0) }
    return Array(output.prefix(count))
  }
}

extension TemporaryDirectory {
  /// The signature that the `openssl` command wrote to `path`.
  func signature(inDER path: String) throws -> Signature {
    try #require(try data(of: path).withUnsafeBytes { SignatureEncoding.readDER($0) })
  }
}
