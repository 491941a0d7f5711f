import Cryptography
import Foundation
import Primitives
import Testing

@testable import Ledger

/// Documentation/formats.md, section 12. Reads only the committed files; only the first test computes vectors anew.
@Testing.Suite("Golden vectors")
struct GoldenVectorTests {
  @Test("D6: every format has exactly the bytes of the golden vectors", arguments: Suite.allCases)
  func exactly(suite: Primitives.Suite) throws {
    let chain = try VectorChain(suite)
    try chain.record()
    try chain.file.check()
  }

  @Test("There is one file for each suite, and an absent or empty one fails the test")
  func present() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: VectorFile.folder.path)
    #expect(Set(files) == Set(Suite.allCases.map { "\($0.name).txt" }))
    let missing = VectorFile.folder.appendingPathComponent("none.txt")
    #expect(throws: (any Error).self) { try VectorFile(.p256SHA256, at: missing) }
    let empty = FileManager.default.temporaryDirectory.appendingPathComponent("vectors-\(UUID())")
    try Data("# nothing\n".utf8).write(to: empty)
    defer { try? FileManager.default.removeItem(at: empty) }
    #expect(throws: (any Error).self) { try VectorFile(.p256SHA256, at: empty) }
  }

  @Test(
    "Every kind of operation, outcome, statement and state entry is among the vectors", arguments: Suite.allCases)
  func covered(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    let operations = try file.numbers("operation").map { OperationKind(rawValue: try file["operation.\($0)"][0]) }
    #expect(Set(operations) == Set(OperationKind.allCases))
    let entries = try ["entry", "later-entry", "hold-entry", "terms-entry"].flatMap { series in
      try file.numbers(series, ".key").map { StateKey.Kind(rawValue: try file["\(series).\($0).key"][0]) }
    }
    #expect(Set(entries) == Set(StateKey.Kind.allCases))
    for kind in Statement.Kind.allCases {
      #expect(try file["statement.\(kind)"][0] == kind.rawValue)
      #expect(try file["vote.\(kind)"][0] == kind.rawValue)
      #expect(try file["certificate.\(kind)"][0] == kind.rawValue)
    }
    for code in OutcomeCode.allCases {
      let bytes = try file["outcome.\(code.rawValue)"]
      let outcome = try Reader.whole(bytes) { (reader) throws(CodecError) in try TransactionOutcome(from: &reader) }
      #expect(outcome.code == code)
      #expect(encoded { outcome.encode(into: &$0) } == bytes)
    }
  }

  @Test("Every signature among the vectors is valid, and Ed25519 reproduces its own", arguments: Suite.allCases)
  func signatures(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var verifier = SignatureVerifier(suite)
    var keys: [PublicKey: PrivateKey] = [:]
    for number in try file.numbers("key", ".secret") {
      let key = try PrivateKey(secret: try file["key.\(number).secret"], suite)
      #expect(try file["key.\(number).public"] == key.publicKey.bytes)
      keys[key.publicKey] = key
    }
    for number in try file.numbers("signature", ".key") {
      let key = try #require(PublicKey(bytes: try file["signature.\(number).key"]))
      let message = try file["signature.\(number).message"]
      let signature = try #require(Signature(bytes: try file["signature.\(number).bytes"]))
      let holds = verifier.verify(signature, of: message, by: key)
      #expect(holds)
      var other = message
      other[message.count - 1] ^= 1
      let forged = verifier.verify(signature, of: other, by: key)
      #expect(!forged)
      let signer = try #require(keys[key])
      if suite == .ed25519SHA256 { #expect(try signer.sign(message) == signature) }
    }
  }

  @Test("Genesis, transactions and blocks are read back, and have these digests", arguments: Suite.allCases)
  func blocks(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    var verifier = SignatureVerifier(suite)
    let genesis = try Genesis(bytes: try file["genesis"])
    let chain = genesis.chain
    #expect(genesis.bytes == (try file["genesis"]))
    #expect(genesis.suite == suite)
    #expect(genesis.digest == (try file.digest("genesis.digest")))

    var carried: [SignedTransaction] = []
    for height in try file.numbers("header", ".digest") {
      let bytes = try file["header.\(height)"]
      var reader = Reader(bytes.span.bytes)
      let header = try BlockHeader(from: &reader, chain: chain)
      try reader.end()
      #expect(encoded { header.encode(into: &$0, chain: chain) } == bytes)
      let digest = try file.digest("header.\(height).digest")
      #expect(header.digest(chain, hash: &hash) == digest)
      let resultBytes = try file["result.\(height)"]
      let result = try Reader.whole(resultBytes) { (reader) throws(CodecError) in try BlockResult(from: &reader) }
      #expect(encoded { result.encode(into: &$0) } == resultBytes)
      #expect(result.block == digest)
      #expect(result.digest(hash: &hash) == (try file.digest("result.\(height).digest")))
      guard height > 0 else { continue }
      #expect(header.parent == (try file.digest("header.\(height - 1).digest")))
      #expect(header.parentResult == (try file.digest("result.\(height - 1).digest")))
      let block = try Block(bytes: try file["block.\(height)"], chain: chain, hash: &hash)
      #expect(block.header == header)
      #expect(block.digest == digest)
      carried += block.layouts.indices.map { SignedTransaction(block.transaction(at: $0)) }
    }

    let numbers = try file.numbers("transaction")
    #expect(carried.count == numbers.count)
    var operations: [[UInt8]] = []
    for (number, transaction) in zip(numbers, carried) {
      let name = "transaction.\(number)"
      #expect(transaction == (try SignedTransaction(bytes: try file[name], chain: chain, hash: &hash)))
      #expect(transaction.id == (try file.digest("\(name).id")))
      let draft = TransactionDraft(transaction, chain: chain)
      #expect(draft.unsignedBytes == (try file["\(name).unsigned"]))
      #expect(draft.signedBytes == (try file["\(name).signed-message"]))
      #expect(try draft.assemble(hash: &hash) == transaction)
      for signature in transaction.signatures {
        let holds = verifier.verify(signature.signature, of: draft.signedBytes, by: signature.key)
        #expect(holds)
      }
      operations += transaction.operations.map { operation in encoded { operation.encode(into: &$0) } }
    }
    for (number, bytes) in zip(try file.numbers("operation"), operations) {
      #expect(try file["operation.\(number)"] == bytes)
    }
    #expect(try file.numbers("operation").count == operations.count)
  }

  @Test("Votes, certificates and receipts are read back, and are valid under genesis", arguments: Suite.allCases)
  func votes(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    var verifier = SignatureVerifier(suite)
    let genesis = try Genesis(bytes: try file["genesis"])
    for kind in Statement.Kind.allCases {
      let statement = try Reader.whole(try file["statement.\(kind)"]) { (reader) throws(CodecError) in
        try Statement(from: &reader)
      }
      let message = try file["statement.\(kind).signed-message"]
      #expect(statement.signedBytes(genesis.chain) == message)
      let bytes = try file["vote.\(kind)"]
      let vote = try Reader.whole(bytes) { (reader) throws(CodecError) in try Vote(from: &reader) }
      #expect(encoded { vote.encode(into: &$0) } == bytes)
      #expect(vote.statement == statement)
      let key = genesis.validators[Int(vote.signer.rawValue)].voteKey
      let holds = verifier.verify(vote.signature, of: message, by: key)
      #expect(holds)
      let proof = try file["certificate.\(kind)"]
      let certificate = try Reader.whole(proof) { (reader) throws(CodecError) in try Certificate(from: &reader) }
      #expect(encoded { certificate.encode(into: &$0) } == proof)
      #expect(certificate.statement == statement)
      #expect(certificate.hasQuorum(of: genesis.validatorSet))
      for (signer, signature) in zip(certificate.signers, certificate.signatures) {
        let holds = verifier.verify(signature, of: message, by: genesis.validators[Int(signer.rawValue)].voteKey)
        #expect(holds)
      }
    }
    for number in try file.numbers("receipt") {
      let bytes = try file["receipt.\(number)"]
      let receipt = try Receipt(bytes: bytes, chain: genesis.chain, hash: &hash)
      #expect(receipt.bytes(genesis.chain) == bytes)
      let verified = try receipt.verify(genesis: genesis)
      #expect(verified.block == (try file.digest("header.\(verified.height).digest")))
    }
  }

  @Test("Trees have these roots, and every path leads there", arguments: Suite.allCases)
  func trees(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    for size in try file.numbers("tree", ".root") {
      let leaves = (0..<size).map { MerkleTree.leaf([UInt8($0)].span.bytes, hash: &hash) }
      let root = try file.digest("tree.\(size).root")
      #expect(MerkleTree.root(of: leaves, hash: &hash) == root)
      for index in 0..<size {
        let bytes = try file["tree.\(size).path.\(index)"]
        let path = try stride(from: 0, to: bytes.count, by: Digest.byteCount).map {
          try #require(Digest(bytes: bytes[$0..<$0 + Digest.byteCount]))
        }
        let proved = MerkleTree.root(
          from: leaves[index], index: UInt64(index), size: UInt64(size), path: path, hash: &hash)
        #expect(proved == root)
      }
    }
  }

  @Test("Entries, their proofs and a snapshot lead to the certified root", arguments: Suite.allCases)
  func state(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    let genesis = try Genesis(bytes: try file["genesis"])
    var entries: [StateEntry] = []
    for number in try file.numbers("entry", ".key") {
      let name = "entry.\(number)"
      let key = try Reader.whole(try file["\(name).key"]) { (reader) throws(CodecError) in try StateKey(from: &reader) }
      let entry = try Reader.whole(try file["\(name).value"]) { (reader) throws(CodecError) in
        try StateEntry(key: key, from: &reader)
      }
      #expect(encoded { key.encode(into: &$0) } == (try file["\(name).key"]))
      #expect(encoded { entry.encodeValue(into: &$0) } == (try file["\(name).value"]))
      #expect(key.digest(hash: &hash) == (try file.digest("\(name).leaf-key")))
      #expect(entry.valueDigest(hash: &hash) == (try file.digest("\(name).value-digest")))
      entries.append(entry)
    }
    let manifest = try SnapshotManifest(try file["snapshot.manifest"], chain: genesis.chain)
    #expect(manifest.encoded(genesis.chain) == (try file["snapshot.manifest"]))
    try manifest.verify(genesis.chain, validators: genesis.validatorSet)
    var loader = SnapshotLoader(manifest, genesis: genesis)
    for index in manifest.chunks.indices {
      try loader.add(try manifest.chunk(index, try file["snapshot.chunk.\(index)"], hash: &hash))
    }
    let state = try loader.finish()
    let root = manifest.proof.result.stateRoot
    #expect(state.tip.stateRoot == root)
    for entry in entries {
      let found = state.entry(entry.key)
      #expect(found == entry)
    }
    let proofs = try file.numbers("state-proof").map { try file["state-proof.\($0)"] }
    var absent = 0
    for (index, bytes) in proofs.enumerated() {
      let proof = try Reader.whole(bytes) { (reader) throws(CodecError) in try StateProof(from: &reader) }
      #expect(encoded { proof.encode(into: &$0) } == bytes)
      let proved = try proof.verify(root: root, hash: &hash)
      #expect(proved == (index < entries.count ? entries[index] : nil))
      if proved == nil { absent += 1 }
    }
    #expect(proofs.count == entries.count + absent && absent > 0)
  }

  @Test("The block that changes validators leaves these entries and this configuration", arguments: Suite.allCases)
  func validators(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    var verifier = SignatureVerifier(suite)
    let genesis = try Genesis(bytes: try file["genesis"])
    let block = try Block(bytes: try file["block.4"], chain: genesis.chain, hash: &hash)
    var signatures: [VerificationItem] = []
    for index in 0..<block.count { block.transaction(at: index).appendSignatures(genesis.chain, to: &signatures) }
    #expect(signatures.count == 5)
    let hold = verifier.verify(batch: signatures)
    #expect(hold.allSatisfy { $0 })
    let result = try Reader.whole(try file["result.4"]) { (reader) throws(CodecError) in try BlockResult(from: &reader)
    }
    let configuration = try Reader.whole(try file["configuration.next"]) { (reader) throws(CodecError) in
      try ChainConfiguration(from: &reader)
    }
    #expect(
      result.above == EpochReference(epoch: Epoch(1), configuration: configuration.digest(hash: &hash)))
    #expect(configuration.validators.map { "\($0.name)" } == ["node2", "node3", "node4", "node5"])
    var proved: [StateEntry?] = []
    for number in try file.numbers("later-state-proof") {
      let proof = try Reader.whole(try file["later-state-proof.\(number)"]) { (reader) throws(CodecError) in
        try StateProof(from: &reader)
      }
      proved.append(try proof.verify(root: result.stateRoot, hash: &hash))
    }
    #expect(proved.count == 3 && proved[2] == nil)
    for number in try file.numbers("later-entry", ".key") {
      let entry = try #require(proved[number - 1])
      #expect(encoded { entry.key.encode(into: &$0) } == (try file["later-entry.\(number).key"]))
      #expect(encoded { entry.encodeValue(into: &$0) } == (try file["later-entry.\(number).value"]))
    }
  }

  @Test("The blocks with holds leave the open ones, and nothing of those that ended", arguments: Suite.allCases)
  func holds(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    var roots: [Digest] = []
    for height in [5, 6] {
      let bytes = try file["result.\(height)"]
      roots.append(try Reader.whole(bytes) { (reader) throws(CodecError) in try BlockResult(from: &reader) }.stateRoot)
    }
    // Of four holds: after block 5 all are open; after block 6 one is captured in part, one was released, one returned
    // because it expired, and one is as it was.
    var proved: [StateEntry?] = []
    for number in try file.numbers("hold-state-proof") {
      let proof = try Reader.whole(try file["hold-state-proof.\(number)"]) { (reader) throws(CodecError) in
        try StateProof(from: &reader)
      }
      proved.append(try proof.verify(root: roots[number > 4 ? 1 : 0], hash: &hash))
    }
    try #require(proved.count == 8)
    #expect(proved.map { $0 != nil } == [true, true, true, true, true, false, false, true])
    #expect(proved[0] != proved[4] && proved[3] == proved[7])
    var arbiters: [Name?] = []
    for (number, entry) in zip(try file.numbers("hold-entry", ".key"), proved.compactMap(\.self)) {
      #expect(encoded { entry.key.encode(into: &$0) } == (try file["hold-entry.\(number).key"]))
      let value = try file["hold-entry.\(number).value"]
      #expect(encoded { entry.encodeValue(into: &$0) } == value)
      let read = try Reader.whole(value) { (reader) throws(CodecError) in try StateEntry(key: entry.key, from: &reader)
      }
      #expect(read == entry)
      if case .hold(let hold) = read { arbiters.append(hold.arbiter) }
    }
    #expect(arbiters.count == 6 && arbiters.contains(nil) && arbiters.contains { $0 != nil })
  }

  // MARK: Changed bytes

  /// Calls `body` with each of `bytes` changed in turn, in a bit position that varies from byte to byte.
  private func changes(_ bytes: [UInt8], _ body: ([UInt8], Int) throws -> Void) rethrows {
    for place in bytes.indices {
      var other = bytes
      other[place] ^= 1 << UInt8(place % 8)
      try body(other, place)
    }
  }

  @Test("E4: no byte of a vector can be changed without a refusal or another digest", arguments: Suite.allCases)
  func changed(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    let genesis = try Genesis(bytes: try file["genesis"])
    let chain = genesis.chain
    changes(genesis.bytes) { bytes, place in
      guard let other = try? Genesis(bytes: bytes) else { return }
      #expect(other.digest != genesis.digest, "genesis, byte \(place)")
    }
    for number in try file.numbers("transaction") {
      let name = "transaction.\(number)"
      let id = try file.digest("\(name).id")
      let unsigned = try file["\(name).unsigned"].count
      changes(try file[name]) { bytes, place in
        guard let other = try? SignedTransaction(bytes: bytes, chain: chain, hash: &hash) else { return }
        #expect((other.id == id) == (place >= unsigned), "\(name), byte \(place)")
      }
    }
    for height in try file.numbers("block") {
      let digest = try file.digest("header.\(height).digest")
      changes(try file["block.\(height)"]) { bytes, place in
        guard let other = try? Block(bytes: bytes, chain: chain, hash: &hash) else { return }
        #expect(other.digest != digest, "block.\(height), byte \(place)")
      }
      let result = try file.digest("result.\(height).digest")
      changes(try file["result.\(height)"]) { bytes, place in
        let other = try? Reader.whole(bytes) { (reader) throws(CodecError) in try BlockResult(from: &reader) }
        #expect(other?.digest(hash: &hash) != result, "result.\(height), byte \(place)")
      }
    }
  }

  @Test("E4: a vote, a certificate or a receipt with any byte changed is invalid", arguments: Suite.allCases)
  func changedProofs(suite: Primitives.Suite) throws {
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    var verifier = SignatureVerifier(suite)
    let genesis = try Genesis(bytes: try file["genesis"])
    func holds(_ statement: Statement, _ signer: ValidatorIndex, _ signature: Signature) -> Bool {
      guard Int(signer.rawValue) < genesis.validators.count else { return false }
      return verifier.verify(
        signature, of: statement.signedBytes(genesis.chain), by: genesis.validators[Int(signer.rawValue)].voteKey)
    }
    for kind in Statement.Kind.allCases {
      changes(try file["vote.\(kind)"]) { bytes, place in
        let other = try? Reader.whole(bytes) { (reader) throws(CodecError) in try Vote(from: &reader) }
        guard let other else { return }
        #expect(!holds(other.statement, other.signer, other.signature), "vote.\(kind), byte \(place)")
      }
      changes(try file["certificate.\(kind)"]) { bytes, place in
        let other = try? Reader.whole(bytes) { (reader) throws(CodecError) in try Certificate(from: &reader) }
        guard let other, other.hasQuorum(of: genesis.validatorSet) else { return }
        let sound = zip(other.signers, other.signatures).allSatisfy { holds(other.statement, $0, $1) }
        #expect(!sound, "certificate.\(kind), byte \(place)")
      }
    }
    for number in try file.numbers("receipt") {
      changes(try file["receipt.\(number)"]) { bytes, place in
        guard let other = try? Receipt(bytes: bytes, chain: genesis.chain, hash: &hash) else { return }
        #expect(throws: ReceiptError.self, "receipt.\(number), byte \(place)") { try other.verify(genesis: genesis) }
      }
    }
  }
}
