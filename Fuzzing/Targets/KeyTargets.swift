internal import Cryptography
internal import Primitives

extension FuzzTarget {
  /// Files with keys and certificates, which a disk may have damaged and a person may have mixed up, and the certificate
  /// in a member's request.
  static func keyTargets() -> [FuzzTarget] {
    let p256 = try? Array(KeySamples.p256.utf8).withUnsafeBytes { (text) throws(CryptoError) in
      try KeyFile.key(in: text, path: "sample", suite: .p256SHA256)
    }
    let certificate = Array(KeySamples.certificate.utf8)
    let identity = p256.flatMap { try? read(certificate, of: $0) }
    return [keyFile(), certificateDER(identity)] + (p256.map { [certificateFile(certificate, of: $0)] } ?? [])
  }

  /// The rounds of key derivation that are worth doing for one input.
  private static let affordableRounds = 1000

  /// Promises that whatever the file contains, it is read in the same way each time in every suite; that a key from it
  /// can sign; that a refusal is explained; and that no file takes longer than its rounds were counted.
  private static func keyFile() -> FuzzTarget {
    FuzzTarget("key-file", byteLimit: 2048, mutations: 1000, seeds: KeySamples.files) { (bytes) throws(BrokenPromise) in
      let isAffordable = bytes.withUnsafeBytes { DerivationCost.rounds(inPEM: $0) } <= affordableRounds
      for suite in Suite.allCases {
        for passphrase in [nil, [UInt8(ascii: "x")]] where passphrase == nil || isAffordable {
          func read() throws -> PrivateKey {
            try bytes.withUnsafeBytes {
              try KeyFile.key(in: $0, path: "input", suite: suite, passphrase: passphrase)
            }
          }
          guard let key = try attempt(read) else { continue }
          try promise(try attempt(read)?.publicKey == key.publicKey, "\(Hex.encode(bytes)) is read as two keys")
          guard let signature = try? key.sign([1, 2, 3]) else {
            throw BrokenPromise("a key of \(suite.name) cannot sign: \(Hex.encode(bytes))")
          }
          var verifier = SignatureVerifier(suite)
          let isValid = verifier.verify(signature, of: [1, 2, 3], by: key.publicKey)
          try promise(isValid, "what a key of \(suite.name) signs is not valid: \(Hex.encode(bytes))")
        }
      }
    }
  }

  private static func read(_ text: [UInt8], of key: PrivateKey) throws(CryptoError) -> TransportIdentity {
    // A span, because the closures of Array do not support typed errors.
    try text.span.bytes.withUnsafeBytes { (text) throws(CryptoError) in
      try TransportIdentity.identity(of: key, certificate: text, path: "input")
    }
  }

  /// Promises that the certificate of an identity is written as what was read, and read again as the same.
  private static func certificateFile(_ seed: [UInt8], of key: PrivateKey) -> FuzzTarget {
    FuzzTarget("certificate-file", seeds: [seed]) { (bytes) throws(BrokenPromise) in
      guard let identity = try attempt({ try read(bytes, of: key) }) else { return }
      guard let again = try attempt({ try read(identity.certificatePEM, of: key) }) else {
        throw BrokenPromise("a certificate that was read and written cannot be read: \(Hex.encode(bytes))")
      }
      try promise(
        again.pin == identity.pin && again.certificateDER == identity.certificateDER,
        "another certificate is written than was read: \(Hex.encode(bytes))")
      try promise(
        try attempt({ try TransportIdentity.pin(ofCertificateDER: identity.certificateDER) }) == identity.pin,
        "the pin of a certificate and of its identity differ: \(Hex.encode(bytes))")
    }
  }

  /// Promises that a certificate is accepted only as a whole, and always has the same pin.
  private static func certificateDER(_ identity: TransportIdentity?) -> FuzzTarget {
    let seeds = identity.map { [$0.certificateDER] } ?? []
    return FuzzTarget("transport-certificate", seeds: seeds) { (bytes) throws(BrokenPromise) in
      func pin(_ bytes: [UInt8]) throws(BrokenPromise) -> Digest? {
        try attempt { try TransportIdentity.pin(ofCertificateDER: bytes) }
      }
      guard let first = try pin(bytes) else { return }
      try promise(try pin(bytes) == first, "\(Hex.encode(bytes)) has two pins")
      try promise(try pin(bytes + [0]) == nil, "a certificate with a byte after it is accepted: \(Hex.encode(bytes))")
    }
  }
}
