package import Cryptography
package import Primitives

/// All keys of a cluster: makes them, signs with them, and verifies signatures.
///
/// Simulated signatures are tags over message and key that require the key's secret, which only the ring has. The
/// public keys are real points, because genesis checks them.
package final class KeyRing {
  private let suite: Suite
  private let isReal: Bool
  private var generator: SeededGenerator
  private var secrets: [PublicKey: UInt64] = [:]
  private var keys: [PublicKey: PrivateKey] = [:]
  private var verifier: SignatureVerifier

  package init(_ suite: Suite, isReal: Bool, generator: SeededGenerator) {
    self.suite = suite
    self.isReal = isReal
    self.generator = generator
    verifier = SignatureVerifier(suite)
  }

  package func makeKey() -> PublicKey {
    while true {
      let body = Digest(generator.next(), generator.next(), generator.next(), generator.next())
      if isReal {
        // A digest that is not a valid secret of the suite is as rare as a hash collision; then the next one is tried.
        guard let key = try? PrivateKey(secret: body.bytes, suite) else { continue }
        keys[key.publicKey] = key
        return key.publicKey
      }
      let key = PublicKey(prefix: suite == .ed25519SHA256 ? 0xED : 2, body: body)
      guard (try? key.check(suite)) != nil else { continue }
      secrets[key] = generator.next()
      return key
    }
  }

  package func sign(_ message: [UInt8], with key: PublicKey) -> Signature? {
    if isReal { return try? keys[key]?.sign(message) }
    return secrets[key].map { Self.tag(message, $0) }
  }

  package func holds(_ item: VerificationItem) -> Bool {
    if isReal { return verifier.verify(item.signature, of: item.message, by: item.key) }
    guard let secret = secrets[item.key] else { return false }
    return Self.tag(item.message, secret) == item.signature
  }

  private static func tag(_ message: [UInt8], _ secret: UInt64) -> Signature {
    var hash = RunningHash()
    hash.mix(secret)
    hash.mix(message)
    let first = hash.value
    hash.mix(secret)
    let half = Digest(first, hash.value, first ^ secret &* 3, 1)
    return Signature(first: half, second: Digest(hash.value, first, 2, 3))
  }
}
