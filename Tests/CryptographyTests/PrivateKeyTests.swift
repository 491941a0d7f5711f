import Primitives
import Testing

@testable import Cryptography

@Testing.Suite("PrivateKey")
struct PrivateKeyTests {
  @Test("A secret gives the public key of its standard's example", arguments: StandardVector.all)
  func publicKeys(vector: StandardVector) throws {
    let key = try PrivateKey(secret: try bytes(vector.secret), vector.suite)
    #expect(key.publicKey.description == vector.key)
    #expect(key.suite == vector.suite)
    try key.publicKey.check(vector.suite)
  }

  @Test("Golden: fixed secrets give fixed public keys")
  func golden() throws {
    let expected: [(Primitives.Suite, String)] = [
      (.p256SHA256, "02515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"),
      (.ed25519SHA256, "ed79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664"),
      (.sm2SM3, "0346d1086f6e5c938447f05280db707c279a7b459c38f19e4d9a30ad2dadf9f28a"),
    ]
    for (suite, hex) in expected {
      let key = try PrivateKey(secret: (0..<32).map { UInt8($0 + 1) }, suite)
      #expect(key.publicKey.description == hex)
    }
  }

  @Test("Generated keys differ, and their public keys are valid", arguments: Suite.allCases)
  func generated(suite: Primitives.Suite) throws {
    var seen: Set<PublicKey> = []
    for _ in 0..<20 {
      let key = try PrivateKey.generate(suite)
      try key.publicKey.check(suite)
      seen.insert(key.publicKey)
    }
    #expect(seen.count == 20)
  }

  @Test("Secrets outside the range of their suite are refused")
  func badSecrets() throws {
    for suite in [Suite.p256SHA256, .sm2SM3] {
      let order = suite == .sm2SM3 ? CurveOrder.sm2 : CurveOrder.p256
      for secret in [[UInt8](repeating: 0, count: 32), order.bytes, [UInt8](repeating: 0xFF, count: 32)] {
        #expect(throws: CryptoError.secret(suite: suite)) { try PrivateKey(secret: secret, suite) }
      }
    }
    // SM2 divides by 1 + d, so n - 1 is not allowed either (GB/T 32918.1, section 6.1).
    var last = CurveOrder.sm2
    last.word3 -= 1
    #expect(throws: CryptoError.secret(suite: .sm2SM3)) { try PrivateKey(secret: last.bytes, .sm2SM3) }
    last.word3 -= 1
    _ = try PrivateKey(secret: last.bytes, .sm2SM3)
    for suite in Suite.allCases {
      #expect(throws: CryptoError.secret(suite: suite)) { try PrivateKey(secret: [1, 2, 3], suite) }
    }
  }

  @Test("Ed25519 signs as in RFC 8032; the others' signatures of one message differ")
  func determinism() throws {
    for vector in StandardVector.all {
      let key = try PrivateKey(secret: try bytes(vector.secret), vector.suite)
      let message = try bytes(vector.message)
      let signature = try key.sign(message)
      if vector.suite == .ed25519SHA256 {
        #expect(signature.description == vector.signature)
      } else {
        #expect(try key.sign(message) != signature)
      }
    }
  }

  @Test("E5: every signature has the one accepted form", arguments: Suite.allCases)
  func canonical(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    var verifier = SignatureVerifier(suite)
    for index in 0..<UInt8(100) {
      let signature = try key.sign([index])
      #expect(CurveOrder.isCanonical(signature, suite))
      let valid = verifier.verify(signature, of: [index], by: key.publicKey)
      #expect(valid)
    }
  }

  @Test("Threads may share a key", arguments: Suite.allCases)
  func sharing(suite: Primitives.Suite) async throws {
    let key = try PrivateKey.generate(suite)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in UInt8(0)..<4 {
        group.addTask {
          try (UInt8(0)..<10).allSatisfy { index in
            verifies(try key.sign([task, index]), of: [task, index], by: key.publicKey, suite)
          }
        }
      }
      for try await valid in group { #expect(valid) }
    }
  }

  @Test("D7: describing, printing or dumping a key shows nothing of the secret", arguments: Suite.allCases)
  func description(suite: Primitives.Suite) throws {
    let secret = (0..<32).map { UInt8($0 + 1) }
    let key = try PrivateKey(secret: secret, suite)
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.contains(Hex.encode(secret)))
      #expect(text.contains(key.publicKey.description))
    }
  }
}
