import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// Holds are part of version 4 of the rules, which a chain of genesis version 3 takes over by a vote of its administrators.
@Testing.Suite("Rules of holds")
struct HoldRulesTests {
  @Test("Every kind of operation says which rules it belongs to, and a transaction the latest of its operations")
  func kinds() throws {
    let later = OperationKind.allCases.filter { $0.rules != 3 }
    let terms: [OperationKind] = [.accountClose, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze]
    #expect(later == terms + [.holdPlace, .holdCapture, .holdRelease] && later.allSatisfy { $0.rules == 4 })
    let chain = try OperationOutcomeTests.prepared()
    let (pays, places) = (TestChain.transfer("eur", "bank-a", "shop", 1), chain.place("bank-a", "shop", 1, "r"))
    for (operations, rules) in [([pays], 3), ([pays, places, pays], 4), ([places], 4)] as [([Operation], UInt16)] {
      #expect(try chain.transaction(operations, by: TestChain.bankA).layout.rules == rules)
    }
  }

  @Test("A chain of genesis version 3 refuses holds, in blocks too, until an epoch of version 4 has begun")
  func raised() throws {
    let chain = try OperationOutcomeTests.prepared(version: 3)
    #expect(chain.state.configuration.rulesVersion == 3)
    let operations = [
      [chain.place("bank-a", "shop", 1, "r")], [TestChain.capture("bank-a", "shop", 1, "r")],
      [TestChain.release("bank-a", "shop", "r")],
      [TestChain.transfer("eur", "bank-a", "shop", 1), chain.place("bank-a", "shop", 1, "r")],
    ]
    let fault = AdmissionFault.laterRules(4, chain: 3)
    func expectRefused() throws {
      for operations in operations {
        let transaction = try chain.transaction(operations, by: TestChain.bankA + TestChain.shop)
        #expect(chain.state.admissionFault(transaction, now: chain.state.tip.timestamp) == fault)
        let block = chain.block([transaction])
        #expect(chain.state.fault(in: block) == .transaction(index: 0, fault))
        #expect(throws: BlockFault.transaction(index: 0, fault)) { try chain.state.execute(block) }
      }
    }
    try expectRefused()
    #expect(fault.code == "admission.later-rules" && fault.explanation.contains("version 4"))
    // Nor does the block that raises the version accept them: its epoch still has the earlier rules.
    let raise = Operation.parameterSet(.rulesVersion, to: 4, configuration: chain.found)
    let raising = try chain.transaction([raise], by: TestChain.admins)
    let place = try chain.transaction(operations[0], by: TestChain.bankA)
    #expect(chain.state.fault(in: chain.block([raising, place])) == .transaction(index: 1, fault))
    let epoch = chain.state.tip.above.epoch
    #expect(try chain.execute([raising]).outcomes == [.applied])
    #expect(chain.state.tip.above.epoch == Epoch(epoch.rawValue + 1))
    #expect(chain.state.configuration.rulesVersion == 4)
    #expect(chain.state.admissionFault(place, now: chain.state.tip.timestamp) == nil)
    #expect(try chain.execute([place]).outcomes == [.applied])
    #expect(chain.held("bank-a", "r") == Amount(1))
    // What is taken back ends with the epoch.
    chain.state.settle(upTo: Height(chain.state.tip.height.rawValue - 2))
    let later = chain.state.tip
    chain.revert()
    chain.revert()
    try expectRefused()
    for transaction in [raising, place] { #expect(try chain.execute([transaction]).outcomes == [.applied]) }
    #expect(chain.state.tip == later)
    // A node that starts from a snapshot has the same rules and holds.
    let execution = try chain.execute([])
    chain.state.settle(upTo: chain.state.tip.height)
    chain.state.pin()
    let proof = chain.state.proof(try #require(chain.blocks.last), execution.result)
    let made = try MadeSnapshot(chain.state.copyAll(rows: 9), proof: proof)
    let loaded = try made.load(TestChain.genesis(version: 3))
    let (rules, hold) = (loaded.configuration.rulesVersion, loaded.entry(TestChain.hold("bank-a", "r")))
    #expect(rules == 4)
    #expect(hold == chain.state.entry(TestChain.hold("bank-a", "r")) && hold != nil)
  }

  @Test("A chain of genesis version 4 has holds from its first block on, and every known version can be executed")
  func first() throws {
    #expect(LedgerState.knownRules == 3...4 && Genesis.currentVersion == 4)
    for version in [3, 4] as [UInt8] { try TestChain.genesis(version: version).requireExecutedVersion() }
    for version in [1, 2] as [UInt8] {
      #expect(throws: GenesisError.otherVersion(version)) {
        try TestChain.genesis(version: version).requireExecutedVersion()
      }
    }
    let chain = TestChain()
    #expect(chain.state.configuration.rulesVersion == 4)
    let place = try chain.transaction([chain.place("bank-a", "shop", 1, "r")], by: TestChain.bankA)
    #expect(try chain.execute([place]).outcomes.map(\.code) == [.assetUnknown])
  }

  @Test("E4: a hold with no amount, itself as payee, another flag or a reference that is no plain text is malformed")
  func malformed() throws {
    let (a, b) = (Samples.account("a"), Samples.account("b"))
    let (eur, r) = (Samples.name("eur"), Samples.holdReference("r"))
    func place(_ to: AccountName, _ amount: UInt128) -> Operation {
      .holdPlace(asset: eur, from: a, to: to, amount: Amount(amount), reference: r, expires: Timestamp(1))
    }
    func capture(_ to: AccountName, _ amount: UInt128) -> Operation {
      .holdCapture(asset: eur, from: a, to: to, reference: r, amount: Amount(amount), closes: true)
    }
    for operation in [place(b, 0), capture(b, 0)] {
      #expect(throws: CodecError.invalid(field: "amount (must not be zero)")) {
        try OperationTests.decode(OperationTests.encode(operation))
      }
    }
    for operation in [place(a, 1), capture(a, 1), .holdRelease(asset: eur, from: a, to: a, reference: r)] {
      #expect(throws: CodecError.invalid(field: "to (must differ from the paying account)")) {
        try OperationTests.decode(OperationTests.encode(operation))
      }
    }
    // The last byte says whether there is an arbiter, and whether the capture closes.
    for (operation, field) in [(place(b, 1), "arbiter"), (capture(b, 1), "closes")] as [(Operation, StaticText)] {
      var bytes = OperationTests.encode(operation)
      bytes[bytes.count - 1] = 2
      #expect(throws: CodecError.unknown(field: field, value: 2)) { try OperationTests.decode(bytes) }
    }
    let release = OperationTests.encode(.holdRelease(asset: eur, from: a, to: b, reference: r))
    #expect(release.suffix(3) == [1, 0, UInt8(ascii: "r")])
    let head = Array(release.dropLast(3))
    for (count, bytes) in [(0, []), (1, [0x0A]), (1, [0x7F]), (2, [0xC0, 0x80]), (1, [0xFF])] as [(UInt8, [UInt8])] {
      #expect(throws: CodecError.invalid(field: "hold reference")) {
        try OperationTests.decode(head + [count, 0] + bytes)
      }
    }
    #expect(throws: CodecError.tooLong(field: "hold reference", value: 65, limit: 64)) {
      try OperationTests.decode(head + [65, 0] + [UInt8](repeating: 0x61, count: 65))
    }
    #expect(throws: Never.self) { try OperationTests.decode(head + [64, 0] + [UInt8](repeating: 0x61, count: 64)) }
  }
}
