import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// Registrars admit members; auditors have a name only. Both, as the terms of assets and the closing of accounts, belong to
/// version 4 of the rules.
@Testing.Suite("Registrars, and what version 4 adds to members, accounts and assets")
struct RegistrarTests {
  private func add(_ name: String, _ roles: Roles, _ key: PublicKey) -> Operation {
    .memberAdd(
      name: TestChain.name(name), description: "",
      authority: MemberAuthority(roles: roles, keys: [key], threshold: 1))
  }

  /// A chain with the registrar `desk`, two of whose three keys must sign.
  private func prepared() throws -> (chain: TestChain, desk: [(String, PublicKey)], keys: [PublicKey]) {
    let chain = try OperationOutcomeTests.prepared()
    let keys = try TestChain.realKeys(8)
    let authority = MemberAuthority(roles: .registrar, keys: Array(keys[0..<3]), threshold: 2)
    try chain.prepare(
      [.memberAdd(name: TestChain.name("desk"), description: "", authority: authority)], by: TestChain.admins)
    return (chain, [("desk", keys[0]), ("desk", keys[1])], Array(keys[3...]))
  }

  @Test(
    "M7: one registrar admits members that are neither administrators nor registrars, with as many keys as it needs")
  func admission() throws {
    let (chain, desk, keys) = try prepared()
    func run(_ operations: [Operation], _ signers: [(String, PublicKey)]) throws -> OutcomeCode {
      try chain.run(operations, by: [], keys: signers).code
    }
    #expect(try run([add("new", .participant, keys[0])], [desk[0]]) == .administratorsMissing)
    for roles in [.administrator, .registrar, [.participant, .administrator], [.registrar, .auditor]] as [Roles] {
      #expect(try run([add("new", roles, keys[0])], desk) == .administratorsMissing)
    }
    #expect(try run([add("shop", .participant, keys[0])], desk) == .memberExists)
    #expect(try run([add("new", [.issuer, .notary, .participant, .auditor], keys[0])], desk) == .applied)
    #expect(try run([add("newer", [], keys[0])], desk) == .memberSharedKey)
    #expect(try run([add("newer", [], Samples.key(1 << 40))], desk) == .memberInvalidKey)
    #expect(try run([add("newer", [], keys[1])], desk) == .applied)
    // It does nothing else to members, and does not count as an administrator.
    for operation in [
      TestChain.update("newer", .notary, [keys[2]]), .memberSuspend(name: TestChain.name("newer"), reason: ""),
      .memberRestore(name: TestChain.name("newer")),
    ] as [Operation] {
      #expect(try run([operation], desk) == .administratorsMissing)
    }
    #expect(
      try chain.run([add("x", .administrator, keys[2])], by: [("admin-1", 101)], keys: desk).code
        == .administratorsMissing)
    // The administrators still admit anyone, without a registrar.
    try OperationOutcomeTests.expect(chain, add("third", [], keys[2]), by: TestChain.admins, .applied)
    // A registrar that is none any more admits nobody, and neither does a suspended one.
    let held = [desk[0].1, desk[1].1]
    try chain.prepare([TestChain.update("desk", .auditor, held, 2)], by: TestChain.admins)
    #expect(try run([add("late", [], keys[3])], desk) == .administratorsMissing)
    try chain.prepare([TestChain.update("desk", .registrar, held, 2)], by: TestChain.admins)
    try chain.prepare([.memberSuspend(name: TestChain.name("desk"), reason: "")], by: TestChain.admins)
    let fault = chain.state.admissionFault(
      try chain.transaction([add("late", [], keys[3])], by: [], keys: desk), now: chain.state.tip.timestamp)
    #expect(fault == .suspendedMember(TestChain.name("desk")))
  }

  @Test("Admission and trials name the administrators or a registrar, and only the former for governing roles")
  func required() throws {
    let (chain, desk, keys) = try prepared()
    let now = chain.state.tip.timestamp
    func fault(_ operation: Operation, _ signers: [(String, PublicKey)]) throws -> AdmissionFault? {
      chain.state.admissionFault(try chain.transaction([operation], by: [], keys: signers), now: now)
    }
    let missing = AdmissionFault.missingAuthority(operation: 0, .administratorsMissing)
    #expect(try fault(add("new", [], keys[0]), desk) == nil)
    #expect(try fault(add("new", [], keys[0]), [desk[0]]) == missing)
    #expect(try fault(add("new", .registrar, keys[0]), desk) == missing)
    func parties(_ roles: Roles) throws -> [[String]] {
      let preview = chain.state.preview(try chain.draft([add("new", roles, keys[0])]), now: now)
      #expect(preview.outcome == .applied)
      return preview.required.map { required in
        required.parties.map { party in
          guard case .member(let member) = party else { return "administrators" }
          return "\(member.name)"
        }
      }
    }
    #expect(try parties(.participant) == [["administrators", "desk"]])
    #expect(try parties(.registrar) == [["administrators"]])
  }

  @Test(
    "M7: one registrar brings 256 keys into a block at most, also in transactions that fail, and administrators any number"
  )
  func manyKeys() throws {
    let (chain, desk, _) = try prepared()
    let keys = try TestChain.realKeys(330).suffix(320).map(\.self)
    func admit(_ name: String, _ range: Range<Int>) -> Operation {
      let authority = MemberAuthority(roles: .participant, keys: Array(keys[range]), threshold: 1)
      return .memberAdd(name: TestChain.name(name), description: "", authority: authority)
    }
    // The last operation fails, but the keys of the others were checked.
    let half = (0..<8).map { admit("a\($0)", 16 * $0..<16 * $0 + 16) } + [admit("shop", 0..<1)]
    let rest = (0..<8).map { admit("b\($0)", 128 + 16 * $0..<144 + 16 * $0) }
    let first = try chain.transaction(half, by: [], keys: desk)
    let second = try chain.transaction(rest, by: [], keys: desk)
    let third = try chain.transaction([admit("c", 256..<257)], by: [], keys: desk)
    let fourth = try chain.transaction([admit("d", 258..<259)], by: TestChain.admins)
    let outcomes = try chain.execute([first, second, third, fourth]).outcomes
    #expect(outcomes.map(\.code) == [.memberExists, .applied, .memberTooManyAdmissions, .applied])
    #expect(outcomes[0].operation == 8)
    #expect(try chain.run([admit("c", 256..<257)], by: [], keys: desk).code == .applied)
  }

  @Test("A trial names the registrars that have signed, however many there are")
  func manyRegistrars() throws {
    let chain = try OperationOutcomeTests.prepared()
    let keys = try TestChain.realKeys(22)
    for index in 0..<20 {
      try chain.prepare([add("desk\(index)", .registrar, keys[index])], by: TestChain.admins)
    }
    let draft = try chain.draft([add("new", .participant, keys[20])], keys: [("desk19", keys[19])])
    let preview = chain.state.preview(draft, now: chain.state.tip.timestamp)
    let required = try #require(preview.required.first)
    #expect(preview.required.count == 1 && required.parties.contains(where: \.acts))
    #expect(required.parties.count == 17)
  }

  @Test("Roles have one bit each; a byte with another bit is refused, as is a genesis that gives later roles too early")
  func roles() throws {
    #expect(Roles.each.map(\.rawValue) == [1, 2, 4, 8, 16, 32])
    #expect(Roles.registrar.names == ["registrar"] && Roles(name: "auditor") == .auditor)
    #expect(Roles.all.rawValue == 63)
    for role in Roles.each { #expect(role.rules == (role.rawValue < 16 ? 3 : 4)) }
    var genesis = TestChain.genesis()
    genesis.members[0].authority.roles.insert(.auditor)
    genesis.members[1].authority.roles.insert(.registrar)
    for index in genesis.members.indices {
      let count = genesis.members[index].authority.keys.count
      genesis.members[index].authority.keys = try TestChain.realKeys(count).sorted()
    }
    genesis.validators[0].voteKey = try TestChain.realKeys(1)[0]
    let number = UInt64(genesis.members[0].authority.roles.rawValue)
    for version in [1, 2, 3, 4] as [UInt8] {
      genesis.version = version
      let bytes = genesis.bytes
      if version == 4 {
        #expect(try Genesis(bytes: bytes) == genesis)
        continue
      }
      #expect(throws: GenesisError.member(index: 0, .unknown(field: "roles", value: number))) {
        try Genesis(bytes: bytes)
      }
    }
  }

  @Test("A chain of version 3 refuses the new kinds and roles, in blocks too, until it raises its version")
  func earlier() throws {
    let chain = try OperationOutcomeTests.prepared(version: 3)
    let keys = try TestChain.realKeys(2)
    let (eur, till) = (TestChain.name("eur"), TestChain.account("shop/till"))
    let operations: [(Operation, [TestChain.Signer])] = [
      (.accountClose(account: till), TestChain.shop), (.assetCap(asset: eur, cap: Amount(5000)), TestChain.bankA),
      (.assetHandOver(asset: eur, to: TestChain.name("bank-b")), TestChain.bankA + TestChain.bankB),
      (.assetFreeze(asset: eur), TestChain.admins), (.assetUnfreeze(asset: eur), TestChain.admins),
      (add("desk", [.participant, .registrar], keys[0]), TestChain.admins),
      (TestChain.update("guest", .auditor, [keys[1]]), TestChain.admins),
    ]
    let fault = AdmissionFault.laterRules(4, chain: 3)
    for (operation, signers) in operations {
      let transaction = try chain.transaction([operation], by: signers)
      #expect(transaction.layout.rules == 4)
      #expect(chain.state.admissionFault(transaction, now: chain.state.tip.timestamp) == fault)
      #expect(chain.state.fault(in: chain.block([transaction])) == .transaction(index: 0, fault))
    }
    for operation in [add("new", .participant, keys[0]), TestChain.update("guest", .notary, [keys[1]])] {
      #expect(try chain.transaction([operation], by: TestChain.admins).layout.rules == 3)
    }
    try chain.prepare([.parameterSet(.rulesVersion, to: 4, configuration: chain.found)], by: TestChain.admins)
    for (operation, signers) in operations { try chain.prepare([operation], by: signers) }
  }
}
