import Cryptography
import Primitives
import Testing

@Testing.Suite("PublicKey.check")
struct PublicKeyTests {
  /// The primes of the three fields. That of Ed25519 is little-endian, like its keys.
  private static let p256Prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
  private static let sm2Prime = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff"

  private func fault(_ key: PublicKey, _ suite: Primitives.Suite) -> PublicKeyFault? {
    guard case .publicKey(key, suite, let fault) = error(of: { try key.check(suite) }) else { return nil }
    return fault
  }

  private func key(_ prefix: UInt8, _ last: UInt64) -> PublicKey {
    PublicKey(prefix: prefix, body: Digest(0, 0, 0, last))
  }

  @Test("E5: only keys with a prefix of the suite are accepted", arguments: Suite.allCases)
  func prefixes(suite: Primitives.Suite) throws {
    let valid = try PrivateKey.generate(suite).publicKey
    let allowed: Set<UInt8> = suite == .ed25519SHA256 ? [0xED] : [2, 3]
    for prefix in UInt8.min...UInt8.max {
      let key = PublicKey(prefix: prefix, body: valid.body)
      #expect(fault(key, suite) == (allowed.contains(prefix) ? nil : .prefix))
    }
  }

  @Test("A number that is not a coordinate of a point is refused")
  func notOnCurve() {
    // The numbers from 0 to 29 that are the x of a point, computed with Euler's criterion.
    let expected: [(Primitives.Suite, Set<UInt64>)] = [
      (.p256SHA256, [0, 5, 6, 8, 9, 12, 13, 17, 23, 24, 25, 26, 29]),
      (.sm2SM3, [0, 1, 7, 11, 12, 14, 15, 16, 22, 24, 26, 27, 29]),
    ]
    for (suite, points) in expected {
      for x in UInt64(0)..<30 {
        for prefix in UInt8(2)...3 { #expect(fault(key(prefix, x), suite) == (points.contains(x) ? nil : .notOnCurve)) }
      }
    }
    // The numbers from 2 to 39 that are the y of a point of Ed25519.
    let points: Set<UInt64> = [
      3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 19, 21, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33, 35, 37, 39,
    ]
    for y in UInt64(2)..<40 {
      for sign in [UInt64(0), 0x80] {
        let key = PublicKey(prefix: 0xED, body: Digest(y << 56, 0, 0, sign))
        #expect(fault(key, .ed25519SHA256) == (points.contains(y) ? nil : .notOnCurve))
      }
    }
  }

  @Test("E4: E5: a coordinate not below the prime is a second encoding and is refused")
  func notCanonical() throws {
    for (suite, prime) in [(Suite.p256SHA256, Self.p256Prime), (.sm2SM3, Self.sm2Prime)] {
      for prefix in UInt8(2)...3 {
        let body = try #require(Digest(hex: prime))
        #expect(fault(PublicKey(prefix: prefix, body: body), suite) == .notCanonical)
        // x = 0 is on both curves; this is its other encoding. The sums are the other encodings of x = 5 and x = 7.
        for more in [UInt64(5), 7] {
          var above = body
          let (sum, carry) = above.word3.addingReportingOverflow(more)
          above.word3 = sum
          if carry { above.word2 += 1 }
          #expect(fault(PublicKey(prefix: prefix, body: above), suite) == .notCanonical)
        }
        let ones = Digest(.max, .max, .max, .max)
        #expect(fault(PublicKey(prefix: prefix, body: ones), suite) == .notCanonical)
      }
    }
    // All 19 numbers of 255 bits that are at least 2^255 - 19, with both signs.
    for low in UInt64(0xED)...0xFF {
      for high in [UInt64(0x7F), 0xFF] {
        let body = Digest(low << 56 | 0x00FF_FFFF_FFFF_FFFF, .max, .max, 0xFFFF_FFFF_FFFF_FF00 | high)
        #expect(fault(PublicKey(prefix: 0xED, body: body), .ed25519SHA256) == .notCanonical)
      }
    }
  }

  @Test("E5: points of small order are not Ed25519 keys, and sign nothing")
  func smallOrder() throws {
    // The five y coordinates of the eight points of small order, little-endian, computed as multiples of L.
    let coordinates = [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ]
    let identity = try #require(Digest(hex: coordinates[1]))
    for coordinate in coordinates {
      for sign in [UInt64(0), 0x80] {
        var body = try #require(Digest(hex: coordinate))
        body.word3 |= sign
        let key = PublicKey(prefix: 0xED, body: body)
        #expect(fault(key, .ed25519SHA256) == .smallOrder)
        // R = [S]B - [k]A: with S = 0 and an A of small order, R also has small order, and one try in eight would fit.
        for first in coordinates {
          let signature = Signature(first: try #require(Digest(hex: first)), second: .zero)
          for message in UInt8(0)..<8 { #expect(!verifies(signature, of: [message], by: key, .ed25519SHA256)) }
        }
      }
    }
    // With the neutral element as key, this signature would be valid for every message.
    let forged = Signature(first: identity, second: .zero)
    #expect(!verifies(forged, of: [], by: PublicKey(prefix: 0xED, body: identity), .ed25519SHA256))
  }

  @Test("Random bytes are keys or errors, never traps", arguments: Suite.allCases)
  func fuzz(suite: Primitives.Suite) {
    var random = SeededGenerator(seed: 3)
    var valid = 0
    for _ in 0..<500 {
      let prefixes: [UInt8] = [2, 3, 0xED, UInt8(truncatingIfNeeded: random.next())]
      let body = Digest(random.next(), random.next(), random.next(), random.next())
      let key = PublicKey(prefix: prefixes[Int(random.next() % 4)], body: body)
      if error(of: { try key.check(suite) }) == nil { valid += 1 }
      let signature = Signature(first: body, second: body)
      #expect(!verifies(signature, of: [], by: key, suite))
    }
    #expect(valid > 10)
  }
}
