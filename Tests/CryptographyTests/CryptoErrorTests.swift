import Cryptography
import Primitives
import Testing

@Testing.Suite("CryptoError")
struct CryptoErrorTests {
  private static let publicKey = PublicKey(prefix: 9, body: Digest(1, 2, 3, 4))
  private static let all: [CryptoError] =
    [
      .library(operation: "sign", reason: "no memory"), .secret(suite: .p256SHA256), .certificateName("a b"),
      .certificate(field: "its DER encoding"),
    ]
    + [PublicKeyFault.prefix, .notCanonical, .notOnCurve, .smallOrder].map {
      .publicKey(publicKey, suite: .ed25519SHA256, fault: $0)
    }
    + [
      FileFault.missing, .exists, .system(operation: "open it", code: 13), .kind, .tooOpen(mode: 0o44),
      .tooLong(limit: 65536), .notPEM, .damaged, .passphraseNeeded, .passphraseWrong,
      .passphraseLength(count: 0, limit: 1024), .suite(expected: .sm2SM3, found: "RSA"), .mismatch,
    ].map { .file(path: "/etc/roadbed/node.key", fault: $0) }

  @Test("Every error has its own code, and says what happened and what to do")
  func texts() {
    #expect(Set(Self.all.map(\.code)).count == Self.all.count)
    for error in Self.all {
      #expect(error.code.hasPrefix("crypto."))
      #expect(error.explanation.count > 20)
      #expect(error.nextStep.count > 20)
    }
  }

  @Test("Errors name the file, the value and the limit")
  func values() {
    func text(_ fault: FileFault) -> String {
      let error = CryptoError.file(path: "/k", fault: fault)
      return error.explanation + " | " + error.nextStep
    }
    #expect(
      text(.system(operation: "open it", code: 13))
        == "/k: could not open it: Permission denied (errno 13) | check the directory's permissions and the free space on its disk"
    )
    #expect(text(.tooOpen(mode: 0o44)).hasPrefix("/k: its mode is 0044, "))
    #expect(text(.tooLong(limit: 65536)).contains("65536"))
    #expect(text(.suite(expected: .sm2SM3, found: "RSA")).contains("RSA, but the suite is sm2-sm3"))
    let key = CryptoError.publicKey(Self.publicKey, suite: .ed25519SHA256, fault: .prefix)
    #expect(key.explanation.contains("its first byte is 09, but a key of ed25519-sha256 begins with ed"))
  }
}
