import Cryptography
import Primitives
import Testing

@testable import Ledger

/// The proofs of the golden vectors: of every kind of entry, of two that are absent, and of an entry one block earlier.
@Testing.Suite("Proofs of entries, verified with genesis alone")
struct EntryProofTests {
  private struct Vectors {
    let file: VectorFile
    let genesis: Genesis
    let proofs: [EntryProof]
    /// The number of proofs of entries that are there, which come first.
    let present: Int

    init(_ suite: Primitives.Suite) throws {
      file = try VectorFile(suite)
      let genesis = try Genesis(bytes: try file["genesis"])
      self.genesis = genesis
      let file = file
      proofs = try file.numbers("proof").map { try EntryProof(bytes: try file["proof.\($0)"], chain: genesis.chain) }
      present = try file.numbers("entry", ".key").count
    }

    var balance: EntryProof {
      get throws {
        try #require(proofs.first { if case .balance = $0.key { $0.state.entry != nil } else { false } })
      }
    }
    var absent: EntryProof { get throws { try #require(proofs.first { $0.state.entry == nil }) } }
    var earlier: EntryProof { get throws { try #require(proofs.first { !$0.block.descendants.isEmpty }) } }
  }

  @Test(
    "A proof shows an entry of every kind, or that there is none, at its height and time", arguments: Suite.allCases)
  func proved(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    #expect(Set(vectors.proofs.prefix(vectors.present).map { $0.state.entry?.key }).count == vectors.present)
    for (index, proof) in vectors.proofs.dropLast().enumerated() {
      let verified = try proof.verify(genesis: vectors.genesis)
      #expect(verified.key == proof.key)
      #expect(verified.entry == (index < vectors.present ? proof.state.entry : nil))
      #expect((verified.entry != nil) == (index < vectors.present))
      #expect(verified.height == Height(3))
      #expect(verified.block == (try vectors.file.digest("header.3.digest")))
      #expect(verified.timestamp == proof.block.header.timestamp)
      #expect(verified.round == Round(epoch: .first, view: View(4)))
    }
    // Block 3 froze the account, so the two proofs of it differ.
    let earlier = try vectors.earlier.verify(genesis: vectors.genesis)
    let later = try #require(vectors.proofs.first { $0.key == earlier.key }).verify(genesis: vectors.genesis)
    guard case .account(let before) = earlier.entry, case .account(let after) = later.entry else {
      Issue.record("no account")
      return
    }
    #expect(earlier.height == Height(2))
    #expect(!before.isFrozen)
    #expect(after.isFrozen)
  }

  @Test("Each proof has one encoding, and no prefix of it or longer bytes are one", arguments: Suite.allCases)
  func encoding(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    let chain = vectors.genesis.chain
    for (number, proof) in zip(try vectors.file.numbers("proof"), vectors.proofs) {
      let bytes = try vectors.file["proof.\(number)"]
      #expect(proof.bytes(chain) == bytes)
      for length in stride(from: 0, to: bytes.count, by: 7) {
        #expect(throws: EntryProofError.self) { try EntryProof(bytes: Array(bytes.prefix(length)), chain: chain) }
      }
      #expect(throws: EntryProofError.encoding(.trailingBytes(offset: bytes.count, count: 1))) {
        try EntryProof(bytes: bytes + [0], chain: chain)
      }
    }
    let long = [UInt8](repeating: 1, count: EntryProof.byteLimit + 1)
    #expect(throws: EntryProofError.tooLarge(bytes: long.count)) { try EntryProof(bytes: long, chain: chain) }
    #expect(throws: EntryProofError.encoding(.unknown(field: "proof version", value: 2))) {
      try EntryProof(bytes: [2] + (try vectors.file["proof.1"]).dropFirst(), chain: chain)
    }
  }

  @Test("E4: no byte of a proof can be changed so that it proves anything else of its key", arguments: Suite.allCases)
  func changed(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    for proof in [try vectors.balance, try vectors.absent, try vectors.earlier] {
      let bytes = proof.bytes(vectors.genesis.chain)
      for place in bytes.indices {
        var other = bytes
        other[place] ^= 1 << UInt8(place % 8)
        let verified = try? EntryProof(bytes: other, chain: vectors.genesis.chain).verify(genesis: vectors.genesis)
        guard let verified else { continue }
        // The path that shows that a key is absent may show it of another key, which is absent too.
        #expect(proof.state.entry == nil && verified.entry == nil && verified.key != proof.key, "byte \(place)")
      }
    }
  }

  @Test("E3: a proof of another key, height or value, or without a step, proves nothing", arguments: Suite.allCases)
  func bent(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    let genesis = vectors.genesis
    func refuse(_ proof: EntryProof, _ expected: String, _ change: (inout EntryProof) throws -> Void) throws {
      var other = proof
      try change(&other)
      let error = try #require(throws: EntryProofError.self) { try other.verify(genesis: genesis) }
      #expect(error.code == expected)
      #expect(!error.explanation.isEmpty && !error.nextStep.isEmpty)
    }
    let balance = try vectors.balance
    for other in vectors.proofs.prefix(vectors.present) where other.key != balance.key {
      try refuse(balance, "state-proof.entry-mismatch") { $0.state.entry = other.state.entry }
      let error = #expect(throws: EntryProofError.self) {
        var moved = balance
        moved.state.key = other.key
        _ = try moved.verify(genesis: genesis)
      }
      #expect(error?.code.hasPrefix("state-proof.") == true)
    }
    guard case .balance(let account, let asset, let amount) = balance.state.entry else { return }
    let richer = StateEntry.balance(account, asset: asset, amount: Amount(amount.rawValue + 1))
    try refuse(balance, "state-proof.other-value") { $0.state.entry = richer }
    try refuse(balance, "state-proof.entry-mismatch") { $0.state.entry = nil }
    try refuse(try vectors.absent, "state-proof.entry-mismatch") {
      $0.state.entry = .account(Account(name: account, description: "", isFrozen: false))
    }
    // The path of an account that is there, for one that is not.
    try refuse(try vectors.absent, "state-proof.other-way") { $0.state.path = balance.state.path }
    for step in balance.state.path.steps.indices {
      try refuse(balance, "state-proof.other-root") { $0.state.path.steps.remove(at: step) }
      try refuse(balance, "state-proof.bits-not-increasing") {
        $0.state.path.steps.insert($0.state.path.steps[step], at: step)
      }
    }
    try refuse(balance, "state-proof.other-root") { $0.state.path = MapProof(leaf: nil, steps: []) }
    // The state of one height with the block of another.
    let earlier = try vectors.earlier
    try refuse(earlier, "state-proof.other-root") { $0.block = balance.block }
    try refuse(balance, "state-proof.other-root") { $0.block = earlier.block }
  }

  @Test("E7: a proof whose block too few validators, or others, signed is refused", arguments: Suite.allCases)
  func notCertified(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    let genesis = vectors.genesis
    func refuse(_ proof: EntryProof, _ reason: ReceiptError, _ change: (inout CertifiedBlock) -> Void) {
      var other = proof
      change(&other.block)
      #expect(throws: EntryProofError.notCertified(reason)) { try other.verify(genesis: genesis) }
    }
    let balance = try vectors.balance
    let earlier = try vectors.earlier
    refuse(balance, .signers(count: 2, quorum: 3, validators: 4)) {
      $0.certificate.signers.removeLast()
      $0.certificate.signatures.removeLast()
    }
    refuse(balance, .signature(ValidatorIndex(2))) { $0.certificate.signatures[1] = $0.certificate.signatures[0] }
    refuse(balance, .resultOfOtherBlock) { $0.result = earlier.block.result }
    refuse(balance, .certificateOfOtherBlock) { $0.result.stateRoot = .zero }
    refuse(earlier, .brokenDescent(index: 0)) { $0.result.stateRoot = .zero }
    refuse(earlier, .brokenDescent(index: 1)) { $0.descendants.append($0.descendants[0]) }
    refuse(earlier, .certificateOfOtherBlock) { $0.descendants = [] }
    let notarization = try Reader.whole(try vectors.file["certificate.notarize"]) { (reader) throws(CodecError) in
      try Certificate(from: &reader)
    }
    refuse(balance, .notFinal) { $0.certificate = notarization }
    var empty = genesis
    empty.validators = []
    #expect(throws: EntryProofError.notCertified(.closings(.unknownFirst(.first)))) {
      try balance.verify(genesis: empty)
    }
  }

  @Test("E6: a proof of another chain is refused, even with the same validators")
  func otherChain() throws {
    let vectors = try Vectors(.p256SHA256)
    let bytes = try vectors.file["proof.1"]
    let other = ChainContext(suite: .p256SHA256, genesis: .zero)
    let error = try #require(throws: EntryProofError.self) { try EntryProof(bytes: bytes, chain: other) }
    #expect(error.code == "proof.malformed-header")
    #expect(error.nextStep.contains("genesis"))
  }
}
