import BlockLog
import Cryptography
import Ledger
import Primitives
import Replica
import TestHarness
import Testing

@testable import Signers

@Testing.Suite("What a signer agrees to")
final class SignerDeskTests {
  private typealias Samples = SignerSamples

  private let folder: TemporaryDirectory
  private let disk = MemoryDisk()
  private let notes = Notes()
  private let key: PrivateKey
  private let desk: VoteDesk<MemoryDisk>

  init() throws {
    folder = try TemporaryDirectory()
    key = try PrivateKey.generate(Samples.chain.suite)
    try KeyFile.write(key, to: folder.file("vote.pem"))
    let files = VoteKeyFiles(path: folder.file("vote.pem"), chain: Samples.chain, passphrase: nil)
    let held = try files.read()
    let memory = try SignerGuard.open(disk, chain: Samples.chain).memory
    let notes = notes
    desk = VoteDesk(files, held, memory: memory, chain: Samples.chain) { notes.add($0) }
  }

  private func code(_ answer: SignerAnswer?) -> String? {
    guard case .refused(let refusal)? = answer else { return nil }
    return refusal.code
  }

  private func holds(_ answer: SignerAnswer?, _ statement: Statement, by key: PublicKey) -> Bool {
    guard case .signature(let signature)? = answer else { return false }
    var verifier = SignatureVerifier(Samples.chain.suite)
    return verifier.verify(signature, of: statement.signedBytes(Samples.chain), by: key)
  }

  @Test("G7: a second node is refused by an answer that names the first, until that has gone")
  func secondNode() {
    #expect(desk.answer(.hello(Samples.hello(.node, "node a")), from: 1) == .welcome(key.publicKey))
    #expect(desk.answer(.hello(Samples.hello(.node, "node b")), from: 2) == .refused(.inUse(by: "node a")))
    #expect(code(desk.answer(.sign(Samples.notarize(1), key: key.publicKey), from: 2)) == "signer.malformed")
    // That the refused one goes changes nothing.
    desk.left(2)
    #expect(
      holds(
        desk.answer(.sign(Samples.notarize(1), key: key.publicKey), from: 1), Samples.notarize(1), by: key.publicKey))
    desk.left(1)
    #expect(desk.answer(.hello(Samples.hello(.node, "node b")), from: 3) == .welcome(key.publicKey))
    // What it signed for the first holds for the second as well.
    #expect(code(desk.answer(.sign(Samples.notarize(1, 2), key: key.publicKey), from: 3)) == "signer.conflict")
  }

  @Test("G8: a hello of another version, chain or role is refused, and nothing is signed without one")
  func hellos() {
    var old = Samples.hello()
    old.version = 2
    #expect(code(desk.answer(.hello(old), from: 1)) == "signer.other-version")
    var foreign = Samples.hello()
    foreign.genesis = Digest(9, 9, 9, 9)
    #expect(code(desk.answer(.hello(foreign), from: 1)) == "signer.other-chain")
    #expect(code(desk.answer(.hello(Samples.hello(.member)), from: 1)) == "signer.other-role")
    #expect(code(desk.answer(.sign(Samples.notarize(1), key: key.publicKey), from: 1)) == "signer.malformed")
  }

  @Test("G9: a vote key signs no transaction, and a member's key no vote")
  func roles() throws {
    _ = desk.answer(.hello(Samples.hello()), from: 1)
    #expect(code(desk.answer(.transaction([1]), from: 1)) == "signer.other-role")
    let member = TransactionDesk(key, chain: Samples.chain) { [notes] in notes.add($0) }
    #expect(code(member.answer(.hello(Samples.hello(.node)), from: 1)) == "signer.other-role")
    #expect(member.answer(.hello(Samples.hello(.member)), from: 1) == .welcome(key.publicKey))
    for request: SignerRequest in [
      .sign(Samples.notarize(1), key: key.publicKey), .read, .generate, .finalized(Samples.round(1)),
      .prove(key.publicKey, validator: TestHarness.Samples.name("node1")),
    ] {
      #expect(code(member.answer(request, from: 1)) == "signer.other-role")
    }
  }

  @Test("A member's signer signs a transaction that it can read, says which, and refuses any other bytes")
  func transactions() throws {
    let member = TransactionDesk(key, chain: Samples.chain) { [notes] in notes.add($0) }
    _ = member.answer(.hello(Samples.hello(.member)), from: 1)
    var hash = HashFunction(Samples.chain.suite)
    let draft = try TransactionDraft(
      operations: [.memberRestore(name: TestHarness.Samples.name("bank-b"))], validUntil: Timestamp(1000), nonce: 1,
      chain: Samples.chain, hash: &hash)
    guard case .signature(let signature)? = member.answer(.transaction(draft.unsignedBytes), from: 1) else {
      return #expect(Bool(false), "not signed")
    }
    var verifier = SignatureVerifier(Samples.chain.suite)
    let isValid = verifier.verify(signature, of: draft.signedBytes, by: key.publicKey)
    #expect(isValid)
    guard case .signed(let noted)? = notes.all.last else { return #expect(Bool(false), "not said") }
    #expect(noted.id == draft.id)
    let other = ChainContext(suite: Samples.chain.suite, genesis: Digest(5, 5, 5, 5))
    let foreign = try TransactionDraft(
      operations: draft.operations, validUntil: Timestamp(1000), nonce: 1, chain: other, hash: &hash)
    for bytes in [
      draft.signedBytes, draft.unsignedBytes + [0], Array(draft.unsignedBytes.dropLast()), foreign.unsignedBytes,
    ] {
      #expect(code(member.answer(.transaction(bytes), from: 1)) == "signer.malformed")
    }
    #expect(notes.all.count == 1)
  }

  @Test("G4: a full disk is said once, refuses every statement, and is over when there is space")
  func fullDisk() {
    _ = desk.answer(.hello(Samples.hello()), from: 1)
    disk.failingWrites = 100
    for view in 1...3 {
      #expect(
        code(desk.answer(.sign(Samples.notarize(UInt64(view)), key: key.publicKey), from: 1)) == "signer.disk-failed")
    }
    #expect(code(desk.answer(.ready, from: 1)) == "signer.disk-failed")
    disk.failingWrites = 0
    #expect(desk.answer(.ready, from: 1) == .done)
    #expect(
      holds(
        desk.answer(.sign(Samples.notarize(1), key: key.publicKey), from: 1), Samples.notarize(1), by: key.publicKey))
    let said = notes.all.dropFirst().map { note in
      switch note {
      case .diskFailed: "failed"
      case .diskBack: "back"
      default: "other"
      }
    }
    #expect(said == ["failed", "back"])
  }

  @Test("R47: the next key is generated, kept and takes the place of the present one in the signer's files")
  func keys() throws {
    _ = desk.answer(.hello(Samples.hello()), from: 1)
    guard case .key(let next)? = desk.answer(.generate, from: 1) else { return #expect(Bool(false), "no key") }
    #expect(desk.answer(.complete(next), from: 1) == .done)
    #expect(desk.answer(.read, from: 1) == .keys(HeldKeys(key.publicKey, next: next), said: []))
    #expect(holds(desk.answer(.sign(Samples.nullify(1), key: next), from: 1), Samples.nullify(1), by: next))
    #expect(desk.answer(.succeed(by: next), from: 1) == .done)
    // As after an answer that was lost.
    #expect(desk.answer(.succeed(by: next), from: 1) == .done)
    #expect(code(desk.answer(.sign(Samples.nullify(2), key: key.publicKey), from: 1)) == "signer.unknown-key")
    #expect(try KeyFile.read(folder.file("vote.pem"), suite: Samples.chain.suite).publicKey == next)
    #expect(desk.answer(.read, from: 1) == .keys(HeldKeys(next), said: [Samples.nullify(1)]))
  }

  @Test("A key that the signer generated before it was started anew is gone, and it says so")
  func lostKey() throws {
    _ = desk.answer(.hello(Samples.hello()), from: 1)
    guard case .key(let next)? = desk.answer(.generate, from: 1) else { return #expect(Bool(false), "no key") }
    let files = VoteKeyFiles(path: folder.file("vote.pem"), chain: Samples.chain, passphrase: nil)
    let held = try files.read()
    let memory = try SignerGuard.open(disk, chain: Samples.chain).memory
    let second = VoteDesk(files, held, memory: memory, chain: Samples.chain) { _ in }
    _ = second.answer(.hello(Samples.hello()), from: 1)
    #expect(second.answer(.complete(next), from: 1) == .refused(.gone(next)))
  }
}
