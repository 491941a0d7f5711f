import Primitives
import Testing

@testable import Cryptography

@Testing.Suite("SignatureVerifier")
struct SignatureVerifierTests {
  @Test("The examples of the standards verify", arguments: StandardVector.all)
  func standards(vector: StandardVector) throws {
    let signature = try #require(Signature(hex: vector.signature))
    let key = try #require(PublicKey(hex: vector.key))
    #expect(verifies(signature, of: try bytes(vector.message), by: key, vector.suite))
  }

  @Test("A verifier accepts what a key signs, and refuses another message or key", arguments: Suite.allCases)
  func roundTrip(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    let other = try PrivateKey.generate(suite)
    for length in [0, 1, 32, 200] {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      let signature = try key.sign(message)
      #expect(verifies(signature, of: message, by: key.publicKey, suite))
      #expect(!verifies(signature, of: message + [0], by: key.publicKey, suite))
      #expect(!verifies(signature, of: message, by: other.publicKey, suite))
    }
  }

  @Test("E6: a signature of one suite is not valid in another", arguments: Suite.allCases)
  func foreignSuite(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    let signature = try key.sign([1])
    for foreign in Suite.allCases where foreign != suite {
      #expect(!verifies(signature, of: [1], by: key.publicKey, foreign))
    }
  }

  @Test("E5: any flipped bit of signature, key or message is refused", arguments: StandardVector.all)
  func flippedBits(vector: StandardVector) throws {
    let signature = try bytes(vector.signature)
    let key = try bytes(vector.key)
    let message = try bytes(vector.message)
    var verifier = SignatureVerifier(vector.suite)
    func answer(_ signature: [UInt8], _ key: [UInt8], _ message: [UInt8]) throws -> Bool {
      let signature = try #require(Signature(bytes: signature))
      return verifier.verify(signature, of: message, by: try #require(PublicKey(bytes: key)))
    }
    #expect(try answer(signature, key, message))
    for bit in 0..<signature.count * 8 { #expect(try !answer(flip(signature, bit), key, message)) }
    for bit in 0..<key.count * 8 { #expect(try !answer(signature, flip(key, bit), message)) }
    for bit in 0..<message.count * 8 { #expect(try !answer(signature, key, flip(message, bit))) }
  }

  private func flip(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
    var bytes = bytes
    bytes[bit >> 3] ^= 1 << (bit & 7)
    return bytes
  }

  @Test("A batch is answered item by item, in order", arguments: Suite.allCases)
  func batch(suite: Primitives.Suite) throws {
    let keys = try (0..<3).map { _ in try PrivateKey.generate(suite) }
    var items: [VerificationItem] = []
    var expected: [Bool] = []
    for index in 0..<30 {
      let key = keys[index % 3]
      let signer = index % 7 == 0 ? keys[(index + 1) % 3] : key
      let message = [UInt8(index)]
      items.append(VerificationItem(message: message, key: key.publicKey, signature: try signer.sign(message)))
      expected.append(index % 7 != 0)
    }
    var verifier = SignatureVerifier(suite)
    #expect(verifier.verify(batch: items) == expected)
    #expect(verifier.verify(batch: items) == expected)
    #expect(verifier.verify(batch: []) == [])
  }

  @Test("The cache stays within its bound and keeps what is used")
  func cache() throws {
    var cache = VerificationKeyCache(capacity: 10)
    let keys = try (0..<40).map { _ in try PrivateKey.generate(.ed25519SHA256).publicKey }
    let used = keys[0]
    for key in keys {
      cache.insert(try VerificationKey(key, .ed25519SHA256), for: key)
      #expect(cache.find(used) != nil)
      #expect(cache.count <= 10)
    }
    #expect(cache.find(keys[1]) == nil)
  }
}
