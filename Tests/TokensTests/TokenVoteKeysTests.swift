import BlockLog
import Cryptography
import Foundation
import Ledger
import Primitives
import Replica
import Signers
import TestHarness
import Testing
import Tokens

extension Tokens {
  @Suite("Vote keys")
  struct VoteKeysTests {
    private let chain = ChainContext(suite: .p256SHA256, genesis: .zero)
    private let statement = Statement.nullify(epoch: .first, view: View(7))

    private func store(_ uri: String) throws -> TokenVoteKeys {
      try TokenHome.eventually {
        try TokenVoteKeys(TokenURI(uri), chain: chain, pin: nil)
      }
    }

    private func holds(_ signature: Signature, _ message: [UInt8], _ key: PublicKey) -> Bool {
      var verifier = SignatureVerifier(.p256SHA256)
      return verifier.verify(signature, of: message, by: key)
    }

    /// A token with the key `vote`, and the URI of that key.
    private func prepared(_ label: String) throws -> (uri: String, token: Token, key: PublicKey) {
      let uri = try TokenHome.makeToken(label)
      let token = try TokenHome.open(uri)
      let key = try token.generate(.p256SHA256, label: "vote").publicKey
      return (TokenHome.uri(uri, object: "vote"), token, key)
    }

    @Test("A key is generated, becomes the next and then the only one, and each step is found again by another process")
    func life() throws {
      let (uri, token, first) = try prepared("life")
      var store: TokenVoteKeys? = try store(uri)
      func reopened() throws -> (TokenVoteKeys, HeldKeys) {
        store = nil
        let next = try self.store(uri)
        return (next, try next.read())
      }
      #expect(try store?.read() == HeldKeys(first))
      let dropped = try store?.generate()
      var held: HeldKeys
      // Not completed: it is dropped when another process reads the keys.
      (store, held) = try reopened()
      #expect(held == HeldKeys(first))
      let kept = try #require(try store?.generate())
      #expect(kept != dropped && kept != first)
      try store?.complete(kept)
      try store?.complete(kept)
      (store, held) = try reopened()
      #expect(held == HeldKeys(first, next: kept))
      var open = try #require(store)
      for key in [first, kept] {
        #expect(holds(try open.sign(statement, with: key), statement.signedBytes(chain), key))
      }
      let proof = try open.prove(kept, for: try #require(Name("v1")))
      #expect(holds(proof.signature, KeyProof.signedBytes(validator: proof.validator, key: kept, chain: chain), kept))
      #expect(try open.succeed(by: kept) == nil)
      #expect(try open.succeed(by: kept) == nil)
      #expect(throws: SigningRefusal.self) { try open.sign(statement, with: first) }
      #expect(throws: DirectoryLockError.self) { try self.store(uri) }
      _ = consume open
      (store, held) = try reopened()
      #expect(held == HeldKeys(kept))
      open = try #require(store)
      #expect(holds(try open.sign(statement, with: kept), statement.signedBytes(chain), kept))
      #expect(throws: TokenError.self) { try token.key(.p256SHA256, labelled: "vote.old") }
    }

    @Test("A change of keys that was interrupted anywhere is ended when the keys are read again")
    func interrupted() throws {
      let (uri, token, first) = try prepared("broken")
      let next = try {
        let store = try store(uri)
        _ = try store.read()
        let next = try store.generate()
        try store.complete(next)
        return next
      }()
      // The present key has moved aside, and nothing took its place.
      try token.key(.p256SHA256, labelled: "vote").relabel("vote.old")
      #expect(try store(uri).read() == HeldKeys(next))
      #expect(throws: TokenError.self) { try token.key(.p256SHA256, labelled: "vote.old") }
      // The same without a next key: the one of before is put back.
      try token.key(.p256SHA256, labelled: "vote").relabel("vote.old")
      #expect(try store(uri).read() == HeldKeys(next))
      #expect(first != next)
    }

    @Test("A token that is removed is away and nothing is signed; when it is back, the same keys sign")
    func away() throws {
      let (uri, token, key) = try prepared("gone")
      let store = try store(uri)
      _ = try store.read()
      let folder = try TokenHome.directory(of: token)
      let elsewhere = try TemporaryDirectory()
      try FileManager.default.moveItem(atPath: folder, toPath: elsewhere.file("token"))
      try TokenHome.reread()
      #expect { try store.sign(statement, with: key) } throws: { error in
        guard case SigningRefusal.away = error else { return false }
        return true
      }
      guard case .away = store.tend() else { return #expect(Bool(false), "the token is not away") }
      #expect(store.pause != nil)
      try FileManager.default.moveItem(atPath: elsewhere.file("token"), toPath: folder)
      let deadline = ContinuousClock.now + .seconds(10)
      while store.tend() != .back, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.1) }
      #expect(store.pause == nil)
      #expect(holds(try store.sign(statement, with: key), statement.signedBytes(chain), key))
    }

    @Test("The place of a vote key is a label; an identifier, which changes with the key, is refused")
    func identifier() throws {
      let (uri, _, _) = try prepared("named")
      let named = uri.replacingOccurrences(of: ";object=vote", with: ";object=vote;id=%01")
      #expect(throws: TokenError.uri(.unknown("id"))) {
        try TokenVoteKeys(TokenURI(named), chain: chain, pin: nil)
      }
      #expect(throws: TokenError.noObject) {
        try TokenVoteKeys(
          TokenURI(uri.replacingOccurrences(of: ";object=vote", with: "")), chain: chain, pin: nil)
      }
    }
  }
}
