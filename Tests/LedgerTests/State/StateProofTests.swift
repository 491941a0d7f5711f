import Cryptography
import Ledger
import Primitives
import Testing

@Testing.Suite("Proofs of state entries")
struct StateProofTests {
  /// A chain with an entry of every kind but holds, the terms of assets and the key change of a validator, and the keys of
  /// these entries.
  static func filled(
    _ suite: Suite, version: UInt8 = Genesis.currentVersion
  ) throws -> (chain: TestChain, keys: [StateKey]) {
    let chain = TestChain(suite: suite, version: version)
    let collection = TestChain.collection("c/d")
    let transaction = try chain.transaction(
      [
        TestChain.define("eur", by: "bank-a"), TestChain.issue("eur", "shop", 77), TestChain.open("bank-a/x"),
        TestChain.anchor("notary", "c/d", "k", 1, metadata: [1, 2]), TestChain.anchor("notary", "c/d", "k", 2),
        .memberSuspend(name: TestChain.name("guest"), reason: "gone"),
        .accountFreeze(account: TestChain.account("bank-a/x")),
      ], by: TestChain.bankA + TestChain.notary + TestChain.admins)
    #expect(try chain.execute([transaction]).outcomes == [.applied])
    return (
      chain,
      [
        .parameters, .member(TestChain.name("guest")), .member(TestChain.name("shop")),
        .account(TestChain.account("bank-a/x")), .asset(TestChain.name("eur")),
        .balance(TestChain.account("shop"), asset: TestChain.name("eur")), .collection(collection),
        .record(collection, key: "k"), .configuration,
        .node(TestChain.genesis().validators[0].name),
        .remembered(chain.state.tip.height, group: 0),
      ]
    )
  }

  static let absent: [StateKey] = [
    .member(TestChain.name("nobody")), .account(TestChain.account("shop/x")), .asset(TestChain.name("usd")),
    .balance(TestChain.account("bank-a"), asset: TestChain.name("eur")),
    .collection(TestChain.collection("c")), .record(TestChain.collection("c/d"), key: "l"),
    .node(TestChain.name("nobody")), .keyChange(TestChain.name("node2")), .remembered(Height(1), group: 1),
    TestChain.hold("shop", "r 2"), .assetTerms(TestChain.name("usd")),
  ]

  @Test("Every kind of entry is proved present, and absent ones absent", arguments: Suite.allCases)
  func prove(suite: Suite) throws {
    var (chain, keys) = try Self.filled(suite)
    // No other kind is left out: the history of the roots below began without these.
    try chain.prepare([chain.update("node1", try PrivateKey.generate(suite).publicKey)], by: [TestChain.admins[0]])
    try chain.prepare([chain.place("shop", "bank-b", 7, "r 1", arbiter: "notary")], by: TestChain.shop)
    try chain.prepare([.assetFreeze(asset: TestChain.name("eur"))], by: TestChain.admins)
    keys += [.keyChange(TestChain.name("node1")), TestChain.hold("shop", "r 1"), .assetTerms(TestChain.name("eur"))]
    let root = chain.state.tip.stateRoot
    for key in keys {
      let found = chain.state.entry(key)
      let entry = try #require(found)
      #expect(entry.key == key)
      let proof = chain.state.prove(key)
      #expect(try proof.verify(root: root, hash: &chain.hash) == entry)
      #expect(throws: MapProofError.self) { try proof.verify(root: .zero, hash: &chain.hash) }
    }
    for key in Self.absent {
      #expect(try chain.state.prove(key).verify(root: root, hash: &chain.hash) == nil)
    }
  }

  @Test("A hold is proved as it is, and with any field changed, or once it has ended, it is not")
  func holds() throws {
    let (chain, _) = try Self.filled(.p256SHA256)
    let key = TestChain.hold("shop", "r")
    try chain.prepare([chain.place("shop", "bank-b", 7, "r", arbiter: "notary")], by: TestChain.shop)
    let root = chain.state.tip.stateRoot
    let proof = chain.state.prove(key)
    let hold = try #require(chain.hold("shop", "r"))
    #expect(try proof.verify(root: root, hash: &chain.hash) == .hold(hold))
    let changes: [(inout Hold) -> Void] = [
      { $0.to = TestChain.account("bank-a") }, { $0.asset = TestChain.name("usd") }, { $0.amount = Amount(8) },
      { $0.expires = Timestamp(0) }, { $0.arbiter = nil }, { $0.arbiter = TestChain.name("guest") },
      { $0.placed = HoldNumber(height: $0.placed.height, operation: 1) },
      { $0.placed = HoldNumber(height: Height(1), operation: 0) },
    ]
    for change in changes {
      var other = hold
      change(&other)
      var forged = proof
      forged.entry = .hold(other)
      #expect(throws: MapProofError.self, "\(other)") { try forged.verify(root: root, hash: &chain.hash) }
    }
    try chain.prepare([TestChain.release("shop", "bank-b", "r")], by: TestChain.bankB)
    let later = chain.state.tip.stateRoot
    #expect(throws: MapProofError.self) { try proof.verify(root: later, hash: &chain.hash) }
    #expect(try chain.state.prove(key).verify(root: later, hash: &chain.hash) == nil)
  }

  @Test("E3: a proof with another entry, another key, or without its entry proves nothing")
  func tampered() throws {
    let (chain, keys) = try Self.filled(.p256SHA256)
    let root = chain.state.tip.stateRoot
    let balance = StateKey.balance(TestChain.account("shop"), asset: TestChain.name("eur"))
    let proof = chain.state.prove(balance)
    var other = proof
    other.entry = .balance(TestChain.account("shop"), asset: TestChain.name("eur"), amount: Amount(78))
    #expect(throws: MapProofError.self) { try other.verify(root: root, hash: &chain.hash) }
    other.entry = nil
    #expect(throws: MapProofError.entryMismatch(inMap: true)) { try other.verify(root: root, hash: &chain.hash) }
    other.entry = .balance(TestChain.account("bank-a"), asset: TestChain.name("eur"), amount: Amount(77))
    #expect(throws: MapProofError.entryMismatch(inMap: true)) { try other.verify(root: root, hash: &chain.hash) }
    for key in keys where key != balance {
      other = proof
      other.key = key
      #expect(throws: MapProofError.self) { try other.verify(root: root, hash: &chain.hash) }
    }
    let absent = StateKey.asset(TestChain.name("usd"))
    var invented = chain.state.prove(absent)
    invented.entry = .asset(
      Asset(name: TestChain.name("usd"), issuer: TestChain.name("shop"), decimals: 2, description: "", supply: .zero))
    #expect(throws: MapProofError.entryMismatch(inMap: false)) {
      try invented.verify(root: root, hash: &chain.hash)
    }
  }

  @Test("Proofs, keys and entries have one encoding, whole")
  func encoding() throws {
    let (chain, keys) = try Self.filled(.p256SHA256)
    for key in keys + Self.absent {
      let proof = chain.state.prove(key)
      var writer = Writer()
      proof.encode(into: &writer)
      let bytes = writer.bytes
      let decoded = try Reader.whole(bytes) { (reader) throws(CodecError) in try StateProof(from: &reader) }
      #expect(decoded == proof)
      for length in 0..<bytes.count {
        #expect(throws: CodecError.self) {
          try Reader.whole(Array(bytes.prefix(length))) { (reader) throws(CodecError) in try StateProof(from: &reader) }
        }
      }
      // Bytes with one byte changed are either refused or the encoding of a different proof.
      for index in bytes.indices {
        var changed = bytes
        changed[index] ^= 0x41
        let other = try? Reader.whole(changed) { (reader) throws(CodecError) in try StateProof(from: &reader) }
        guard let other else { continue }
        var again = Writer()
        other.encode(into: &again)
        #expect(again.bytes == changed)
        #expect(throws: MapProofError.self) {
          let root = chain.state.tip.stateRoot
          if try other.verify(root: root, hash: &chain.hash) == chain.state.entry(other.key), other.key != key {
            throw MapProofError.entryMismatch(inMap: false)
          }
        }
      }
    }
  }

  @Test("The roots of a fixed history of a chain of genesis version 3 do not change", arguments: Suite.allCases)
  func golden(suite: Suite) throws {
    let (chain, _) = try Self.filled(suite, version: 3)
    let expected =
      switch suite {
      case .p256SHA256:
        [
          "289551ba06247abfc468d1765af0664c2a1b20a1f433b3768af72d1a21f45398",
          "ef09ec4890713210b8c78255863d04200ba8d15e8179337687bc04db8ec13501",
        ]
      case .ed25519SHA256:
        [
          "0f66fc6a8dbe06512ab5f13e24584edd5f48a876af2b691bada34ceba8e2505f",
          "77030758989a535b10471ac73d4f804964f272ee3f963483f7a9f35d07c4575f",
        ]
      case .sm2SM3:
        [
          "d2c56b2757c874311ce47114be19a165766ad5acb8ca7c4c6ba3df7d2ccce2d1",
          "b5630fac9bc76ba4f500ac79ac8a107d33aacdc5d8925a00e5e36adb8d31a1e6",
        ]
      }
    #expect([chain.state.genesisResult.stateRoot.description, chain.state.tip.stateRoot.description] == expected)
  }
}
