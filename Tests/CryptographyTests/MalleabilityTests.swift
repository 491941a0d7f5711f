import Primitives
import TestHarness
import Testing

@testable import Cryptography

/// Signatures and keys made so that a careless verifier would accept them, in the manner of Project Wycheproof.
@Testing.Suite("One accepted form")
struct MalleabilityTests {
  private static let sample = StandardVector(
    name: "RFC 6979, A.2.5, message \"sample\"", suite: .p256SHA256,
    secret: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    key: "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
    message: "73616d706c65",
    signature: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")

  @Test("E5: of the two ECDSA signatures (r, s) and (r, n - s), the one with high s is refused")
  func highS() throws {
    let key = try #require(PublicKey(hex: Self.sample.key))
    let message = try bytes(Self.sample.message)
    let published = try #require(Signature(hex: Self.sample.signature))
    #expect(published.second > CurveOrder.p256Half)
    #expect(!verifies(published, of: message, by: key, .p256SHA256))
    let lowered = CurveOrder.lowered(published)
    #expect(lowered.second.description == "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9")
    #expect(verifies(lowered, of: message, by: key, .p256SHA256))
    #expect(CurveOrder.lowered(lowered) == lowered)
  }

  @Test("E5: r or s of 0, n, above n, or all ones is refused", arguments: StandardVector.all)
  func range(vector: StandardVector) throws {
    guard vector.suite != .ed25519SHA256 else { return }
    let key = try #require(PublicKey(hex: vector.key))
    let message = try bytes(vector.message)
    let good = try #require(Signature(hex: vector.signature))
    let order = vector.suite == .p256SHA256 ? CurveOrder.p256 : CurveOrder.sm2
    let next = Digest(order.word0, order.word1, order.word2, order.word3 + 1)
    let ones = Digest(.max, .max, .max, .max)
    for bad in [Digest.zero, order, next, ones] {
      for signature in [
        Signature(first: bad, second: good.second), Signature(first: good.first, second: bad),
        Signature(first: bad, second: bad),
      ] {
        #expect(!CurveOrder.isCanonical(signature, vector.suite))
        #expect(!verifies(signature, of: message, by: key, vector.suite))
      }
    }
    // The number 1 is in range for both halves, but such a signature is never valid.
    let one = Digest(0, 0, 0, 1)
    #expect(CurveOrder.isCanonical(Signature(first: one, second: one), vector.suite))
    #expect(!verifies(Signature(first: one, second: one), of: message, by: key, vector.suite))
  }

  @Test("E5: for SM2, (r, n - s) is not a valid signature, so no low form is needed")
  func negatedSM2() throws {
    let key = try PrivateKey.generate(.sm2SM3)
    for index in 0..<UInt8(20) {
      let signature = try key.sign([index])
      let negated = Signature(first: signature.first, second: minus(signature.second, CurveOrder.sm2))
      #expect(CurveOrder.isCanonical(negated, .sm2SM3))
      #expect(!verifies(negated, of: [index], by: key.publicKey, .sm2SM3))
    }
  }

  @Test("E5: SM2 with an identity other than the default is refused", .enabled(if: OpenSSLTool.isPresent))
  func identitySM2() throws {
    let directory = try TemporaryDirectory()
    let keyPath = directory.file("key.pem")
    let key = try PrivateKey.generate(.sm2SM3)
    try KeyFile.write(key, to: keyPath)
    let message = try directory.write("message", to: "message")
    for (identity, expected) in [("1234567812345678", true), ("alice@example.org", false), (nil, false)] {
      let output = directory.file("signature-\(identity ?? "none")")
      // Without the option, OpenSSL signs under an empty identity.
      if let identity {
        try OpenSSLTool.run(
          "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", keyPath, "-in", message, "-out", output,
          "-pkeyopt", "distid:\(identity)")
      } else {
        try OpenSSLTool.run(
          "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", keyPath, "-in", message, "-out", output)
      }
      let signature = try directory.signature(inDER: output)
      #expect(verifies(signature, of: Array("message".utf8), by: key.publicKey, .sm2SM3) == expected)
    }
  }

  @Test("E5: an ECDSA signature that leads to the point at infinity is refused and leaves no library error behind")
  func infinity() throws {
    // With the secret 1, the key is the generator, and with r = -e, verification computes (e + r) / s = 0 times the
    // generator.
    let key = try PrivateKey(secret: [UInt8](repeating: 0, count: 31) + [1], .p256SHA256)
    var hash = HashFunction(.p256SHA256)
    let message: [UInt8] = [1, 2, 3]
    let digest = hash.hash(message)
    #expect(digest < CurveOrder.p256)
    let signature = Signature(first: minus(digest, CurveOrder.p256), second: Digest(0, 0, 0, 1))
    #expect(CurveOrder.isCanonical(signature, .p256SHA256))
    #expect(!verifies(signature, of: message, by: key.publicKey, .p256SHA256))
    // OpenSSL's queued error must not be taken for an error of the next call.
    #expect(verifies(try key.sign(message), of: message, by: key.publicKey, .p256SHA256))
  }

  @Test("E5: Ed25519 with S of L or more is refused", arguments: StandardVector.all)
  func highEdwardsS(vector: StandardVector) throws {
    guard vector.suite == .ed25519SHA256 else { return }
    let key = try #require(PublicKey(hex: vector.key))
    let message = try bytes(vector.message)
    let good = try #require(Signature(hex: vector.signature))
    var s = CurveOrder.reversed(good.second)
    // S + L, S + 2 L, … as long as the sum fits into 256 bits.
    var additions = 0
    while let sum = plus(s, CurveOrder.ed25519) {
      s = sum
      additions += 1
      let signature = Signature(first: good.first, second: CurveOrder.reversed(s))
      #expect(!CurveOrder.isCanonical(signature, .ed25519SHA256))
      #expect(!verifies(signature, of: message, by: key, .ed25519SHA256))
    }
    #expect(additions >= 14)
  }

  /// `order - value`, for `value` of 0 to `order`.
  private func minus(_ value: Digest, _ order: Digest) -> Digest {
    var complement = Digest(~value.word0, ~value.word1, ~value.word2, ~value.word3)
    complement = wrappingPlus(complement, Digest(0, 0, 0, 1)).sum
    return wrappingPlus(order, complement).sum
  }

  private func plus(_ left: Digest, _ right: Digest) -> Digest? {
    let (sum, overflow) = wrappingPlus(left, right)
    return overflow ? nil : sum
  }

  private func wrappingPlus(_ left: Digest, _ right: Digest) -> (sum: Digest, overflow: Bool) {
    var carry: UInt64 = 0
    func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
      let (first, over) = left.addingReportingOverflow(right)
      let (second, overAgain) = first.addingReportingOverflow(carry)
      carry = over || overAgain ? 1 : 0
      return second
    }
    let word3 = add(left.word3, right.word3)
    let word2 = add(left.word2, right.word2)
    let word1 = add(left.word1, right.word1)
    let word0 = add(left.word0, right.word0)
    return (Digest(word0, word1, word2, word3), carry == 1)
  }
}
