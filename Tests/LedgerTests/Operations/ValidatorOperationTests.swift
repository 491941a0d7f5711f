import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// When the operations on validators are applied, and each reason for which they fail.
@Testing.Suite("Operations on validators")
struct ValidatorOperationTests {
  private let admins = TestChain.admins
  /// A key that is no point of the curve.
  private let invalid = PublicKey(prefix: 4, body: Digest(1, 2, 3, 4))

  private func expect(
    _ chain: TestChain, _ operation: Operation, by signers: [TestChain.Signer], _ code: OutcomeCode,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    try OperationOutcomeTests.expect(chain, operation, by: signers, code, location)
  }

  private func keyChange(_ chain: TestChain, _ validator: String) -> Timestamp? {
    guard case .keyChange(_, let time) = chain.state.entry(.keyChange(TestChain.name(validator))) else { return nil }
    return time
  }

  @Test("A node of the directory becomes the last validator, with its member, and an epoch begins")
  func add() throws {
    let (chain, keys) = try TestChain.withValidators()
    let epoch = chain.state.tip.above.epoch
    #expect(chain.validators == ["node1", "node2", "node3"])
    // In the order of the checks: each of these has all the later faults as well, as far as that is possible.
    try expect(chain, chain.add("node9", invalid, finding: .zero), by: TestChain.bankB, .administratorsMissing)
    try expect(chain, chain.add("node9", invalid, finding: .zero), by: admins, .configurationOutdated)
    try expect(chain, chain.add("node9", invalid), by: admins, .directoryUnknownNode)
    try expect(chain, chain.add("node2", invalid), by: admins, .validatorExists)
    try expect(chain, chain.add("node4", invalid), by: admins, .validatorInvalidKey)
    try expect(chain, chain.add("node4", keys[1]), by: admins, .validatorKeyInUse)
    #expect(chain.state.tip.above.epoch == epoch)
    try expect(chain, chain.add("node4", keys[3]), by: admins, .applied)
    #expect(chain.state.tip.above.epoch.rawValue == epoch.rawValue + 1)
    let last = try #require(chain.state.configuration.validators.last)
    #expect(
      last == ConfiguredValidator(name: TestChain.name("node4"), member: TestChain.name("bank-b"), voteKey: keys[3]))
    try expect(chain, chain.add("node4", keys[4]), by: admins, .validatorExists)
  }

  @Test("There are at most 256 validators")
  func tooMany() throws {
    let (chain, keys) = try TestChain.withValidators()
    // The directory has no more nodes than that, so that only a changed state can show it.
    chain.state.changeConfiguration { configuration in
      for number in configuration.validators.count..<Limits.validators {
        configuration.validators.append(
          ConfiguredValidator(
            name: TestChain.name("v\(number)"), member: TestChain.name("shop"),
            voteKey: Samples.key(UInt64(1000 + number))))
      }
    }
    try expect(chain, chain.add("node4", keys[3]), by: admins, .validatorTooMany)
  }

  @Test("A validator that is removed becomes an observer, but one validator stays")
  func remove() throws {
    let (chain, keys) = try TestChain.withValidators()
    try expect(chain, chain.remove("node9", finding: .zero), by: TestChain.bankA, .administratorsMissing)
    try expect(chain, chain.remove("node9", finding: .zero), by: admins, .configurationOutdated)
    try expect(chain, chain.remove("node9"), by: admins, .validatorUnknown)
    try expect(chain, chain.remove("node4"), by: admins, .validatorUnknown)
    try expect(chain, chain.remove("node2"), by: admins, .applied)
    #expect(chain.validators == ["node1", "node3"])
    let observer = chain.state.entry(.node(TestChain.name("node2")))
    #expect(observer != nil)
    let found = chain.found
    let rest = [chain.remove("node1"), chain.remove("node3"), chain.add("node2", keys[1])]
    #expect(try chain.run(rest, by: admins) == TransactionOutcome(code: .validatorLast, operation: 1))
    #expect(chain.found == found)
    let replaced = [rest[0], rest[2], rest[1]]
    #expect(try chain.run(replaced, by: admins) == .applied)
    #expect(chain.validators == ["node2"])
    try expect(chain, chain.remove("node1"), by: admins, .validatorUnknown)
    try expect(chain, chain.remove("node2"), by: admins, .validatorLast)
  }

  @Test("A vote key is changed by the administrators or by the validator's member, and the validator keeps its place")
  func update() throws {
    let (chain, keys) = try TestChain.withValidators()
    try expect(chain, chain.update("node9", invalid, finding: .zero), by: TestChain.guest, .validatorUnknown)
    try expect(chain, chain.update("node2", invalid, finding: .zero), by: TestChain.shop, .authorityMissing)
    // One of two administrators, and one of two keys of the member, are not enough.
    try expect(chain, chain.update("node2", keys[3]), by: [admins[0]], .authorityMissing)
    try expect(chain, chain.update("node3", keys[3]), by: [TestChain.shop[0]], .authorityMissing)
    try expect(chain, chain.update("node2", invalid, finding: .zero), by: TestChain.bankA, .configurationOutdated)
    try expect(chain, chain.update("node2", invalid), by: TestChain.bankA, .validatorInvalidKey)
    for key in keys[0...2] { try expect(chain, chain.update("node2", key), by: TestChain.bankA, .validatorKeyInUse) }
    try expect(chain, chain.update("node2", keys[3]), by: TestChain.bankA, .applied)
    #expect(chain.validators == ["node1", "node2", "node3"])
    #expect(chain.state.configuration.validators[1].voteKey == keys[3])
    #expect(keyChange(chain, "node2") == chain.state.tip.timestamp)
    let time = keyChange(chain, "node2")
    // The time is looked at before the key.
    try expect(chain, chain.update("node2", invalid), by: TestChain.bankA, .validatorKeyChangedRecently)
    // Administrators do not wait, and leave the time as it is, even if the member signs as well.
    try expect(chain, chain.update("node2", keys[4]), by: admins + TestChain.bankA, .applied)
    #expect(keyChange(chain, "node2") == time)
    // A key that nobody has any more can be anyone's.
    try expect(chain, chain.update("node3", keys[1]), by: TestChain.shop, .applied)
    try expect(chain, chain.remove("node2"), by: admins, .applied)
    #expect(keyChange(chain, "node2") == nil)
    #expect(keyChange(chain, "node3") != nil)
    try expect(chain, chain.add("node2", keys[4]), by: admins, .applied)
    try expect(chain, chain.update("node2", keys[3]), by: TestChain.bankA, .applied)
  }

  @Test("A member changes its validator's key again after 24 hours of block time, not a millisecond earlier")
  func waiting() throws {
    let (chain, keys) = try TestChain.withValidators()
    try chain.prepare([chain.update("node2", keys[3])], by: TestChain.bankA)
    // Its other validator has a time of its own.
    try chain.prepare([chain.update("node3", keys[4])], by: TestChain.shop)
    let first = try #require(keyChange(chain, "node2"))
    let day = Limits.keyChangeMilliseconds
    try chain.execute([], after: day - 1001 - chain.state.tip.timestamp.rawValue + first.rawValue)
    try expect(chain, chain.update("node2", keys[5]), by: TestChain.bankA, .validatorKeyChangedRecently)
    #expect(chain.state.tip.timestamp.rawValue == first.rawValue + day - 1)
    let change = try chain.transaction([chain.update("node2", keys[5])], by: TestChain.bankA)
    #expect(try chain.execute([change], after: 1).outcomes == [.applied])
    #expect(keyChange(chain, "node2") == chain.state.tip.timestamp)
    chain.revert()
    #expect(keyChange(chain, "node2") == first)
  }

  @Test("Of two changes that were prepared apart the second fails, and one transaction may make several")
  func apart() throws {
    let (chain, keys) = try TestChain.withValidators()
    let found = chain.found
    let outcomes = try chain.execute([
      chain.transaction([chain.remove("node3")], by: admins),
      chain.transaction([chain.add("node4", keys[3])], by: admins),
      chain.transaction([chain.update("node2", keys[3])], by: TestChain.bankA),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.applied, .configurationOutdated, .configurationOutdated])
    try expect(chain, chain.add("node4", keys[3], finding: found), by: admins, .configurationOutdated)
    // A failed transaction leaves the configuration that the next one in the block finds as it was.
    let again = try chain.execute([
      chain.transaction([chain.add("node4", keys[3]), chain.remove("node9")], by: admins),
      chain.transaction([chain.add("node4", keys[3]), chain.update("node2", keys[4])], by: admins),
    ]).outcomes
    #expect(again == [TransactionOutcome(code: .validatorUnknown, operation: 1), .applied])
    #expect(chain.validators == ["node1", "node2", "node4"])
  }

  @Test("Two validators cannot exchange their keys within a block, but a change can be taken back")
  func exchanged() throws {
    let (chain, keys) = try TestChain.withValidators()
    let above = chain.state.tip.above
    let swap = [chain.update("node1", keys[3]), chain.update("node2", keys[0])]
    #expect(try chain.run(swap, by: admins) == TransactionOutcome(code: .validatorKeyInUse, operation: 1))
    let taken = [chain.remove("node1"), chain.update("node2", keys[0])]
    #expect(try chain.run(taken, by: admins) == TransactionOutcome(code: .validatorKeyInUse, operation: 1))
    #expect(try chain.run([chain.remove("node1"), chain.add("node4", keys[0])], by: admins).code == .validatorKeyInUse)
    #expect(chain.state.tip.above == above)
    // There and back, in one transaction: no epoch begins.
    #expect(try chain.run([chain.update("node1", keys[3]), chain.update("node1", keys[0])], by: admins) == .applied)
    #expect(chain.state.tip.above == above)
    // The last one removed and added again is the same.
    #expect(try chain.run([chain.remove("node3"), chain.add("node3", keys[2])], by: admins) == .applied)
    #expect(chain.state.tip.above == above)
    #expect(try chain.run([chain.add("node4", keys[3]), chain.remove("node4")], by: admins) == .applied)
    #expect(chain.state.tip.above == above)
    // Any other has another place afterwards.
    #expect(try chain.run([chain.remove("node1"), chain.add("node1", keys[0])], by: admins) == .applied)
    #expect(chain.validators == ["node2", "node3", "node1"])
    #expect(chain.state.tip.above.epoch.rawValue == above.epoch.rawValue + 1)
  }

  @Test("Every operation is reverted completely, and done again it gives the same result")
  func reverted() throws {
    let (chain, keys) = try TestChain.withValidators()
    try chain.prepare([chain.update("node2", keys[3])], by: TestChain.bankA)
    chain.state.settle(upTo: chain.state.tip.height)
    let nodes = ["node1", "node2", "node3", "node4", "node5"].map { StateKey.node(TestChain.name($0)) }
    let changes = ["node2", "node3"].map { StateKey.keyChange(TestChain.name($0)) }
    func entries() -> [StateEntry?] {
      var entries: [StateEntry?] = []
      for key in nodes + changes + [.configuration] { entries.append(chain.state.entry(key)) }
      return entries
    }
    let (tip, before) = (chain.state.tip, entries())
    let cases: [(Operation, [TestChain.Signer])] = [
      (TestChain.node("node5", of: "shop", pin: 5), admins), (TestChain.node("node4", of: "bank-b", pin: 6), admins),
      (TestChain.remove(node: "node4"), admins), (chain.add("node4", keys[1]), admins), (chain.remove("node2"), admins),
      (chain.update("node3", keys[1]), TestChain.shop), (chain.update("node1", keys[1]), admins),
    ]
    for (operation, signers) in cases {
      let transaction = try chain.transaction([operation], by: signers)
      let execution = try chain.execute([transaction])
      #expect(execution.outcomes == [.applied])
      #expect(entries() != before)
      chain.revert()
      #expect(chain.state.tip == tip)
      #expect(entries() == before)
      #expect(try chain.execute([transaction]) == execution)
      chain.revert()
    }
  }

  @Test("Admission requires the administrators, or for another key the member of the validator")
  func admission() throws {
    let (chain, keys) = try TestChain.withValidators()
    func fault(_ operations: [Operation], _ signers: [TestChain.Signer]) throws -> AdmissionFault? {
      chain.state.admissionFault(try chain.transaction(operations, by: signers), now: chain.state.tip.timestamp)
    }
    for operation in [
      TestChain.node("node5", of: "shop", pin: 5), TestChain.remove(node: "node4"), chain.add("node4", keys[3]),
      chain.remove("node2"),
    ] {
      #expect(try fault([operation], TestChain.bankA) == .missingAuthority(operation: 0, .administratorsMissing))
      #expect(try fault([operation], admins) == nil)
    }
    let update = chain.update("node2", keys[3])
    #expect(try fault([update], TestChain.bankA) == nil)
    #expect(try fault([update], admins) == nil)
    #expect(try fault([update], TestChain.shop) == .missingAuthority(operation: 0, .authorityMissing))
    #expect(try fault([update], [admins[0]]) == .missingAuthority(operation: 0, .authorityMissing))
    // An earlier operation may add the validator.
    #expect(try fault([chain.update("node4", keys[3])], TestChain.shop) == nil)
  }
}
