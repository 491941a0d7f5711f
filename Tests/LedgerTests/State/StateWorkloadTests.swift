import Cryptography
import Primitives
import Simulation
import Testing

@testable import Ledger

/// Compares long random histories with a model of the ledger that was written independently.
@Testing.Suite("The state under load")
struct StateWorkloadTests {
  /// Draws random operations and signers, most of them sensible.
  struct Workload {
    var generator: SeededGenerator
    /// Valid public keys.
    let keys: [PublicKey]
    private static let owners = [
      "admin-1", "admin-2", "admin-3", "bank-a", "bank-b", "shop", "notary", "guest", "late-1", "late-2",
    ]

    mutating func draw(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    mutating func chance(_ percent: Int) -> Bool { draw(100) < percent }

    mutating func account() -> String {
      let owner = Self.owners[draw(chance(70) ? 6 : Self.owners.count)]
      return chance(80) ? owner : "\(owner)/\(draw(chance(80) ? 3 : 200))"
    }

    mutating func amount() -> UInt128 {
      switch draw(20) {
      case 0: .max
      case 1: .max / 2
      case 2...5: UInt128(1 + draw(1_000_000))
      default: UInt128(1 + draw(50))
      }
    }

    mutating func asset() -> String { ["eur", "usd", "gold", "none"][draw(chance(80) ? 2 : 4)] }

    mutating func authority() -> MemberAuthority {
      let count = 1 + draw(3)
      var chosen: Set<PublicKey> = []
      while chosen.count < count { chosen.insert(keys[draw(keys.count)]) }
      // No root may depend on the order of this set: the authority sorts its keys.
      let roles = Roles(rawValue: UInt8(draw(64)))
      return MemberAuthority(roles: roles, keys: Array(chosen), threshold: UInt8(1 + draw(count)))
    }

    /// An operation that moves everything that some account holds of an asset.
    mutating func emptying(_ model: LedgerModel) -> Operation? {
      let account = account()
      let held = model.holdings.filter { "\($0.key.account)" == account && $0.value > 0 }
        .sorted { $0.key.asset < $1.key.asset }
      guard !held.isEmpty else { return nil }
      let (holding, amount) = held[draw(held.count)]
      return TestChain.transfer("\(holding.asset)", account, account == "shop" ? "bank-a" : "shop", amount)
    }

    /// An operation on the directory or the validators, with one of a few nodes, pins and keys.
    mutating func validatorOperation(_ model: LedgerModel) -> Operation {
      let node = TestChain.name("node\(1 + draw(4))")
      let proof = TestChain.keyProof("\(node)", keys[draw(keys.count)])
      let configuration = chance(90) ? model.configurationDigest : .zero
      switch draw(8) {
      case 0..<3:
        return TestChain.node("\(node)", of: chance(80) ? "bank-a" : "bank-b", pin: UInt64(draw(6)), port: 1 + draw(9))
      case 3: return .directoryRemove(name: node)
      case 4..<6: return .validatorAdd(proof, configuration: configuration)
      case 6: return .validatorRemove(name: node, configuration: configuration)
      default: return .validatorUpdate(proof, configuration: configuration)
      }
    }

    mutating func operation(_ model: LedgerModel) -> Operation {
      if chance(8) { return validatorOperation(model) }
      // A history in which nobody may act proves little.
      if chance(6), let name = model.members.filter(\.value.isSuspended).keys.min() {
        return .memberRestore(name: name)
      }
      if chance(20) { return holdOperation(model) }
      if chance(10) { return termsOperation(model) }
      if chance(15), let operation = emptying(model) { return operation }
      let owner = Self.owners[draw(Self.owners.count)]
      switch draw(100) {
      case 0..<55:
        let from = account()
        var to = account()
        while to == from { to = account() }
        return TestChain.transfer(asset(), from, to, amount())
      case 55..<68: return TestChain.issue(asset(), account(), amount())
      case 68..<74: return TestChain.retire(asset(), account(), amount())
      case 74..<76: return TestChain.define(asset(), by: owner)
      case 76..<82: return TestChain.open(account())
      case 82..<90:
        return TestChain.anchor(chance(70) ? "notary" : owner, "c\(draw(4))", "k\(draw(5))", generator.next())
      case 90..<92: return .accountFreeze(account: TestChain.account(account()))
      case 92..<94: return .accountUnfreeze(account: TestChain.account(account()))
      case 94..<95:
        return .memberAdd(name: TestChain.name(owner), description: "late", authority: authority())
      case 95..<96: return .memberUpdate(name: TestChain.name(owner), authority: authority())
      case 96..<98: return .memberSuspend(name: TestChain.name(owner), reason: "drawn")
      case 98..<99: return .memberRestore(name: TestChain.name(owner))
      default: return .parameterSet(.administratorThreshold, to: UInt64(1 + draw(3)))
      }
    }

    /// Usually everyone who must sign, with keys that are valid at the tip.
    mutating func signers(_ operations: [Operation], _ model: LedgerModel) -> [(String, PublicKey)] {
      var names: Set<String> = []
      for operation in operations where !chance(3) {
        switch operation {
        case .assetTransfer(let transfer): names.insert("\(transfer.from.owner)")
        case .assetIssue(let issue): names.insert(model.assets[issue.asset].map { "\($0.issuer)" } ?? "bank-a")
        case .assetRetire(let retire):
          names.formUnion([model.assets[retire.asset].map { "\($0.issuer)" } ?? "bank-a", "\(retire.from.owner)"])
        case .assetDefine(let define): names.insert("\(define.issuer)")
        case .recordAnchor(let anchor): names.insert("\(anchor.author)")
        case .accountOpen(let open): names.insert("\(open.account.owner)")
        case .accountClose(let close): names.insert("\(close.account.owner)")
        case .assetCap(let cap): names.insert(model.assets[cap.asset].map { "\($0.issuer)" } ?? "bank-a")
        case .assetHandOver(let over):
          names.formUnion([model.assets[over.asset].map { "\($0.issuer)" } ?? "bank-a", "\(over.to)"])
        case .memberAdd where chance(50):
          for (name, party) in model.members where party.roles.contains(.registrar) { names.insert("\(name)") }
        case .holdPlace(let place): names.insert("\(place.from.owner)")
        case .holdCapture(let capture): names.insert(party(of: capture.from, capture.reference, capture.to, model))
        case .holdRelease(let release): names.insert(party(of: release.from, release.reference, release.to, model))
        case .validatorUpdate(let update) where chance(60):
          let running = model.configuration.validators.first { $0.name == update.proof.validator }
          names.insert("\(running?.member ?? update.proof.validator)")
        case .accountFreeze, .accountUnfreeze, .assetFreeze, .assetUnfreeze, .memberAdd, .memberUpdate, .memberSuspend,
          .memberRestore,
          .parameterSet, .directorySet, .directoryRemove, .validatorAdd, .validatorRemove, .validatorUpdate:
          for (name, party) in model.members where party.roles.contains(.administrator) { names.insert("\(name)") }
        }
      }
      var signers: [(String, PublicKey)] = []
      for name in names.sorted() {
        guard let party = model.members[TestChain.name(name)], !party.isSuspended else { continue }
        let count = chance(95) ? party.threshold : party.keys.count
        for key in party.keys.sorted().prefix(count) { signers.append((name, key)) }
      }
      return signers
    }
  }

  static func compare(_ chain: TestChain, _ model: LedgerModel) {
    var supplies: [Name: UInt128] = [:]
    for (holding, amount) in model.holdings {
      #expect(chain.amount("\(holding.asset)", "\(holding.account)") == Amount(amount), "\(holding)")
      supplies[holding.asset, default: 0] += amount
    }
    for (key, hold) in model.holds {
      #expect(chain.state.entry(.hold(key.from, key.reference)) == .hold(hold))
      supplies[hold.asset, default: 0] += hold.amount.rawValue
    }
    for account in model.closed where model.accounts[account] == nil {
      #expect(chain.state.entry(.account(account)) == nil, "\(account) is closed")
    }
    for (name, unit) in model.assets {
      #expect(chain.state.entry(.assetTerms(name)) == model.terms(of: name))
      #expect(chain.supply("\(name)") == Amount(unit.supply))
      #expect(supplies[name, default: 0] == unit.supply, "supply of \(name) is what is available and held")
    }
    #expect(chain.state.uncountedUse() == nil)
    let governors = model.members.values.filter { !$0.isSuspended && $0.roles.contains(.administrator) }
    #expect(chain.state.derived.administrators.count == governors.count)
    let registrars = model.members.values.filter { !$0.isSuspended && $0.roles.contains(.registrar) }
    #expect(chain.state.derived.registrars.count == registrars.count)
    #expect(chain.state.nextExpiry == model.holds.values.map(\.expires).min())
    for (name, isFrozen) in model.accounts {
      guard case .account(let account) = chain.state.entry(.account(name)) else {
        Issue.record("no account \(name)")
        continue
      }
      #expect(account.isFrozen == isFrozen)
    }
    for (name, party) in model.members {
      guard case .member(let member) = chain.state.entry(.member(name)) else {
        Issue.record("no member \(name)")
        continue
      }
      #expect(Set(member.authority.keys) == party.keys)
      #expect(member.authority.roles == party.roles)
      #expect(member.isSuspended == party.isSuspended)
    }
    for (place, versions) in model.records {
      guard case .record(let record) = chain.state.entry(.record(place.collection, key: place.key)) else {
        Issue.record("no record \(place)")
        continue
      }
      #expect(record.version == UInt64(versions.count))
      #expect(record.content == versions.last)
    }
  }

  /// The groups of remembered ids that the state must have, derived from the transactions of all blocks.
  private static func remembered(_ chain: TestChain) -> [RememberedGroup] {
    var groups: [RememberedGroup] = []
    for block in chain.blocks {
      var left = (0..<block.count).map { index in
        let layout = block.layouts[index]
        return RememberedIdentity(id: layout.id, validUntil: layout.validUntil)
      }
      var number: UInt16 = 0
      while !left.isEmpty {
        var group: [RememberedIdentity] = []
        while group.count < 32,
          let index = left.indices.min(by: {
            (left[$0].validUntil.rawValue, left[$0].id.description) < (
              left[$1].validUntil.rawValue, left[$1].id.description
            )
          })
        {
          group.append(left.remove(at: index))
        }
        let known = group.count { chain.contains($0.id) }
        #expect(known == 0 || known == group.count, "a group of \(group.count) is remembered in part: \(known)")
        if known > 0 { groups.append(RememberedGroup(height: block.height, number: number, identities: group)) }
        number += 1
      }
    }
    return groups
  }

  /// Expects that the root is that of exactly the entries that the model knows.
  static func compareRoot(_ chain: TestChain, _ model: LedgerModel) {
    var keys: [StateKey] = [.parameters, .configuration]
    keys += model.members.keys.map { .member($0) }
    keys += model.accounts.keys.map { .account($0) }
    keys += model.assets.keys.map { .asset($0) }
    keys += model.collections.keys.map { .collection($0) }
    keys += model.records.keys.map { .record($0.collection, key: $0.key) }
    var naive = NaiveMap()
    var hash = HashFunction(.p256SHA256)
    func add(_ entry: StateEntry) {
      naive.content[entry.key.digest(hash: &hash)] = entry.valueDigest(hash: &hash)
    }
    for group in remembered(chain) { add(.remembered(group)) }
    for key in keys {
      guard let entry = chain.state.entry(key) else {
        Issue.record("no entry for \(key)")
        continue
      }
      add(entry)
    }
    for name in model.assets.keys { if let terms = model.terms(of: name) { add(terms) } }
    for node in model.directory.values { add(.node(node)) }
    for (validator, time) in model.keyChanges { add(.keyChange(validator, time: time)) }
    for hold in model.holds.values { add(.hold(hold)) }
    for (holding, amount) in model.holdings where amount != 0 {
      add(.balance(holding.account, asset: holding.asset, amount: Amount(amount)))
    }
    #expect(naive.root(&hash) == chain.state.tip.stateRoot)
    #expect(chain.state.configuration == model.configuration)
  }

  @Test(
    "D4: random histories give the model's outcomes, backwards the old roots, elsewhere the same state",
    arguments: [UInt64](1...8))
  func random(seed: UInt64) throws { _ = try Self.play(seed: seed) }

  /// Plays the history of a seed, and returns what was executed.
  static func play(seed: UInt64) throws -> TestChain.Executed {
    let chain = TestChain()
    var workload = Workload(generator: SeededGenerator(seed: seed), keys: try TestChain.realKeys(24))
    var model = LedgerModel(TestChain.genesis())
    var history: [(tip: ChainPoint, model: LedgerModel, sent: [SignedTransaction])] = []
    var sent: [SignedTransaction] = []
    var codes: Set<OutcomeCode> = []
    var returned = 0
    for step in 0..<150 {
      if workload.chance(15), chain.state.tip.height > chain.state.settled.height {
        let depth = 1 + workload.draw(Int(chain.state.tip.height.rawValue - chain.state.settled.height.rawValue))
        for _ in 0..<depth {
          chain.revert()
          (_, model, sent) = history.removeLast()
          #expect(chain.state.tip == history.last?.tip ?? chain.state.settled)
        }
        Self.compare(chain, model)
        #expect(try SnapshotTests.absences(of: chain.state, using: &workload.generator) == 200)
        continue
      }
      history.append((chain.state.tip, model, sent))
      let before = model
      var transactions = chain.state.tip.height == .genesis ? [try Workload.funding(chain)] : []
      // Some blocks have more transactions than one group of remembered ids holds.
      for _ in 0..<workload.draw(workload.chance(10) ? 100 : 14) {
        if workload.chance(5), let old = sent.randomElement(using: &workload.generator) {
          #expect(chain.state.fault(in: chain.block([old])) != nil)
          continue
        }
        let operations = (0..<1 + workload.draw(workload.chance(80) ? 2 : 12)).map { _ in workload.operation(before) }
        let signers = workload.signers(operations, before)
        guard !signers.isEmpty, signers.count <= Limits.transactionSignatures else { continue }
        let life = 20_000 + UInt64(workload.draw(40)) * 1000
        transactions.append(
          try chain.transaction(
            operations, by: [], keys: signers, validUntil: chain.state.tip.timestamp.advanced(byMilliseconds: life)))
      }
      sent += transactions
      let execution = try chain.execute(transactions)
      model.beginBlock(at: chain.state.tip.timestamp)
      for (transaction, outcome) in zip(transactions, execution.outcomes) {
        #expect(model.apply(transaction) == outcome)
        codes.insert(outcome.code)
      }
      returned += model.endBlock().count
      history[history.count - 1].tip = chain.state.tip
      if step % 10 == 0 {
        Self.compare(chain, model)
        Self.compareRoot(chain, model)
      }
      if workload.chance(10) {
        let height = chain.state.settled.height.rawValue
        let ahead = Int(chain.state.tip.height.rawValue - height)
        chain.state.settle(upTo: Height(height + UInt64(workload.draw(ahead + 1))))
      }
    }
    Self.compare(chain, model)
    Self.compareRoot(chain, model)
    // A workload that leads to only a few outcomes would prove little.
    #expect(codes.count >= 10, "seed \(seed): \(codes)")
    if seed < 1000 {
      #expect(returned > 0 && !codes.isDisjoint(with: [.holdExists, .holdUnknown, .holdExpired, .holdAmountExceeded]))
    }
    // A state that executes the same blocks without detours has the same tip.
    var twin = LedgerState(genesis: TestChain.genesis())
    for block in chain.blocks { _ = try twin.execute(block) }
    let tip = twin.tip
    #expect(tip == chain.state.tip)
    let genesis = try #require(chain.blocks.first).header.parent
    while twin.tip.height > .genesis { twin.revert() }
    let bottom = twin.tip
    #expect(bottom.block == genesis)
    #expect(bottom.stateRoot == chain.state.genesisResult.stateRoot)
    return chain.executed
  }
}
