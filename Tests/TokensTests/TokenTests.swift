import Cryptography
import Foundation
import Primitives
import TestHarness
import Testing

@testable import Tokens

/// Everything with a token runs in sequence: a module is shared by the whole process, and its restart ends all sessions.
@Suite("Tokens", .serialized, .timeLimit(.minutes(5)))
enum Tokens {}

extension Tokens {
  @Suite("Keys")
  struct KeyTests {
    private static let message = Array("a transfer".utf8)

    private func verifies(_ signature: Signature, _ key: TokenKey) -> Bool {
      var verifier = SignatureVerifier(key.suite)
      return verifier.verify(signature, of: Self.message, by: key.publicKey)
    }

    @Test(
      "A generated key signs in the form that the chain accepts, cannot be extracted, and is found again by its URI",
      arguments: [Suite.p256SHA256, .ed25519SHA256])
    func generate(_ suite: Suite) throws {
      let label = "generate-\(suite.rawValue)"
      let uri = try TokenHome.makeToken(label)
      let made = try TokenHome.open(uri).generate(suite, label: "member")
      // Half of all signatures of P-256 have the other s.
      for _ in 0..<20 { #expect(verifies(try made.sign(Self.message), made)) }
      #expect(!made.isExtractable && made.label == "member" && made.suite == suite)

      let found = try TokenHome.open(TokenHome.uri(uri, object: "member"), isWritable: false).key(suite)
      #expect(found.publicKey == made.publicKey && !found.isExtractable)
      #expect(verifies(try found.sign(Self.message), found))
      let byID = try Token(made.uri).key()
      #expect(byID.publicKey == made.publicKey && byID.suite == suite)
      let attributes = try TokenHome.run(
        "softhsm2-util", "--show-slots")
      #expect(attributes.contains(label))
    }

    @Test("A label that is taken is not overwritten; a renamed key is found by its new label, a destroyed one by none")
    func manage() throws {
      let uri = try TokenHome.makeToken("manage")
      let token = try TokenHome.open(uri)
      let key = try token.generate(.p256SHA256, label: "next")
      #expect(throws: TokenError.objectExists("next", token.identity)) {
        try token.generate(.p256SHA256, label: "next")
      }
      let other = try token.generate(.p256SHA256, label: "other")
      #expect(throws: TokenError.objectExists("other", token.identity)) { try key.relabel("other") }
      try key.relabel("current")
      #expect(key.label == "current")
      #expect(verifies(try key.sign(Self.message), key))
      #expect(try Token(TokenURI(TokenHome.uri(uri, object: "current"))).key().publicKey == key.publicKey)
      #expect(
        throws: TokenError.objectMissing(wanted: "'next'", token.identity, present: ["'current'", "'other'"])
      ) { try Token(TokenURI(TokenHome.uri(uri, object: "next"))).key() }
      try key.destroy()
      #expect(
        throws: TokenError.objectMissing(wanted: "'current'", token.identity, present: ["'other'"])
      ) { try Token(TokenURI(TokenHome.uri(uri, object: "current"))).key() }
      let error = #expect(throws: CryptoError.self) { try key.sign(Self.message) }
      #expect(error?.code == "token.object-missing")
      #expect(verifies(try other.sign(Self.message), other))
    }

    @Test("A suite that the token does not have is refused with what it offers, before anything is looked for")
    func suite() throws {
      let uri = try TokenHome.makeToken("suite")
      let token = try TokenHome.open(uri)
      let offered = ["p256-sha256", "ed25519-sha256"]
      #expect(throws: TokenError.suite(.sm2SM3, token.identity, offered: offered)) {
        try token.generate(.sm2SM3, label: "key")
      }
      let named = try TokenHome.open(TokenHome.uri(uri, object: "none"))
      #expect(throws: TokenError.suite(.sm2SM3, token.identity, offered: offered)) { try named.key(.sm2SM3) }
      _ = try token.generate(.ed25519SHA256, label: "none")
      #expect(throws: TokenError.keySuite(wanted: "'none'", expected: .p256SHA256, found: .ed25519SHA256)) {
        try named.key(.p256SHA256)
      }
    }

    @Test("Two keys of one label are refused, until the identifier tells them apart")
    func ambiguous() throws {
      let uri = try TokenHome.makeToken("ambiguous")
      let token = try TokenHome.open(uri)
      let first = try token.generate(.p256SHA256, label: "one")
      // Another program is less careful.
      let folder = try TemporaryDirectory()
      try TokenHome.run(
        "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder.file("k"))
      try TokenHome.run(
        "softhsm2-util", "--import", folder.file("k"), "--token", "ambiguous", "--label", "one", "--id", "AB", "--pin",
        TokenHome.pin, "--no-public-key")
      let named = TokenHome.uri(uri, object: "one")
      #expect(throws: TokenError.objectAmbiguous(wanted: "'one'", token.identity, count: 2)) {
        try Token(TokenURI(named)).key()
      }
      #expect(try Token(first.uri).key().publicKey == first.publicKey)
      // The imported key has no public half.
      let imported = TokenHome.uri(uri, object: "one;id=%ab")
      #expect(throws: TokenError.publicKeyMissing(wanted: "'one' with id ab", token.identity)) {
        try Token(TokenURI(imported)).key()
      }
    }

    @Test(
      "A key whose halves have no identifier is given one with its next label, so that an interruption cannot part them"
    )
    func noIdentifier() throws {
      let token = try TokenHome.open(try TokenHome.makeToken("nameless"))
      _ = try token.generate(.p256SHA256, label: "old")
      // As another program may have imported it. The numbers are those of CKA_ID and of both classes of keys.
      try token.use { (calls, session) throws(TokenError) in
        var nothing = TokenAttributes()
        nothing.add(0x102, [])
        for objects: UInt in [2, 3] {
          for half in try calls.find(TokenKeyPlace(label: "old").attributes(of: objects), session.handle) {
            try calls.set(nothing, of: half, session.handle)
          }
        }
      }
      let key = try token.key(.p256SHA256, labelled: "old")
      #expect(key.id == nil)
      try key.relabel("new")
      let id = try #require(key.id)
      #expect(id.count == 8 && key.label == "new")
      #expect(try token.key(.p256SHA256, labelled: "new").id == id)
      #expect(verifies(try key.sign(Self.message), key))
      #expect(throws: TokenError.self) { try token.key(.p256SHA256, labelled: "old") }
    }

    @Test("A key that was imported says that it may be extracted, or not, as the token does")
    func imported() throws {
      let uri = try TokenHome.makeToken("imported")
      let folder = try TemporaryDirectory()
      try KeyFile.write(try PrivateKey.generate(.p256SHA256), to: folder.file("k"))
      try TokenHome.run(
        "softhsm2-util", "--import", folder.file("k"), "--token", "imported", "--label", "key", "--id", "01", "--pin",
        TokenHome.pin)
      let key = try TokenHome.eventually { try Token(TokenURI(TokenHome.uri(uri, object: "key"))).key(.p256SHA256) }
      let publicKey = try KeyFile.read(folder.file("k"), suite: .p256SHA256).publicKey
      #expect(key.publicKey == publicKey)
      #expect(verifies(try key.sign(Self.message), key))
      #expect(!key.isExtractable)
    }

    @Test("Threads that sign at the same time with the keys of one token all get signatures that hold")
    func threads() async throws {
      let uri = try TokenHome.makeToken("threads")
      let token = try TokenHome.open(uri)
      let keys = [try token.generate(.p256SHA256, label: "a"), try token.generate(.ed25519SHA256, label: "b")]
      let valid = try await withThrowingTaskGroup(of: Int.self) { group in
        for task in 0..<8 {
          let key = keys[task % 2]
          group.addTask {
            var verifier = SignatureVerifier(key.suite)
            return try (0..<50).count { index in
              let message = Array("\(task) \(index)".utf8)
              return verifier.verify(try key.sign(message), of: message, by: key.publicKey)
            }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(valid == 400)
    }

    @Test("Nothing that is printed of a token or its keys has the PIN")
    func descriptions() throws {
      let uri = try TokenHome.makeToken("descriptions")
      let token = try TokenHome.open(uri)
      let key = try token.generate(.p256SHA256, label: "key")
      var text = "\(token) \(key) \(key.uri) \(String(reflecting: token)) \(String(reflecting: key))"
      dump(token, to: &text)
      dump(key, to: &text)
      #expect(!text.contains(TokenHome.pin), "\(text)")
    }
  }
}
