import Cryptography
import Ledger
import Primitives

/// A chain with many funded accounts, which makes blocks of random transfers between them.
struct PopulatedLedger: ~Copyable {
  let genesis: Genesis
  var state: LedgerState
  var hash = HashFunction(.p256SHA256)
  private var generator = SeededGenerator(seed: 3)
  private var nonce: UInt64 = 0
  private var holdCount = 0
  private var accounts: [[AccountName]] = []
  private let asset: Name
  /// How long transactions are valid, and therefore how long their ids are remembered.
  var validityMilliseconds: UInt64 = 60_000

  private enum Fault: Error { case badName(String) }

  private static func name(_ text: String) throws -> Name {
    guard let name = Name(text) else { throw Fault.badName(text) }
    return name
  }

  private static func key(_ index: Int) -> PublicKey {
    PublicKey(prefix: 2, body: Digest(UInt64(index) &* 0x9E37_79B9_7F4A_7C15, 1, 2, 3))
  }

  static func populated(members: Int, accountsPerMember: Int) throws -> PopulatedLedger {
    var owners: [Name] = []
    for index in 0..<members { owners.append(try Self.name("member-\(index)")) }
    var world = PopulatedLedger(owners: owners, chainName: try Self.name("bench"), asset: try Self.name("eur"))
    try world.open(owners, accountsPerMember)
    return world
  }

  private init(owners: [Name], chainName: Name, asset: Name) {
    self.asset = asset
    genesis = Genesis(
      chainName: chainName, suite: .p256SHA256, timestamp: Timestamp(1_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
      members: owners.enumerated().map { index, name in
        GenesisMember(
          name: name, description: "",
          authority: MemberAuthority(
            roles: [.administrator, .issuer, .participant], keys: [Self.key(index)], threshold: 1))
      },
      validators: [
        GenesisValidator(
          name: owners[0], member: owners[0], voteKey: PublicKey(prefix: 2, body: .zero),
          transportKey: .zero, address: "node1.example:7001")
      ])
    state = LedgerState(genesis: genesis)
  }

  private mutating func open(_ owners: [Name], _ accountsPerMember: Int) throws {
    let define = Operation.assetDefine(asset: asset, issuer: owners[0], decimals: 2, description: "")
    try commit([try transaction([define], [0])])
    for (index, owner) in owners.enumerated() {
      var own: [AccountName] = []
      var operations: [Operation] = []
      for number in 0..<accountsPerMember {
        guard let account = AccountName("\(owner)/customers/\(number)") else { throw Fault.badName("account") }
        own.append(account)
        operations.append(.accountOpen(account: account, description: ""))
        operations.append(.assetIssue(asset: asset, to: account, amount: Amount(1 << 60)))
      }
      accounts.append(own)
      try commit([try transaction(operations, index == 0 ? [0] : [0, index])])
    }
  }

  private mutating func transaction(_ operations: [Operation], _ signers: [Int]) throws -> SignedTransaction {
    nonce += 1
    var draft = try TransactionDraft(
      operations: operations, validUntil: state.tip.timestamp.advanced(byMilliseconds: validityMilliseconds),
      nonce: nonce,
      chain: state.chain, hash: &hash)
    for signer in signers {
      draft.add(
        TransactionSignature(
          member: try Self.name("member-\(signer)"), key: Self.key(signer),
          signature: Signature(first: .zero, second: .zero)))
    }
    return try draft.assemble(hash: &hash)
  }

  private mutating func assemble(_ transactions: [SignedTransaction]) -> Block {
    Block.assemble(
      height: state.tip.height.next ?? .genesis, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: 5000), transactions: transactions, chain: state.chain,
      hash: &hash)
  }

  private mutating func commit(_ transactions: [SignedTransaction]) throws {
    let execution = try state.execute(assemble(transactions))
    precondition(execution.outcomes.allSatisfy(\.isApplied), "setting up failed: \(execution.outcomes)")
    state.settle(upTo: state.tip.height)
  }

  /// The key of the balance of a random account.
  mutating func balance() -> StateKey {
    .balance(account(of: Int(generator.next() % UInt64(accounts.count))), asset: asset)
  }

  /// Builds a block on the tip. All transfers of a transaction leave accounts of the same member.
  mutating func block(transactions: Int, operations: Int) throws -> Block {
    var all: [SignedTransaction] = []
    for _ in 0..<transactions {
      let payer = Int(generator.next() % UInt64(accounts.count))
      var transfers: [Operation] = []
      for _ in 0..<operations {
        let from = account(of: payer)
        var to = account(of: Int(generator.next() % UInt64(accounts.count)))
        while to == from { to = account(of: payer) }
        transfers.append(.assetTransfer(asset: asset, from: from, to: to, amount: Amount(1)))
      }
      all.append(try transaction(transfers, [payer]))
    }
    return assemble(all)
  }

  /// Builds a block on the tip that places holds. All holds of a transaction are of one member, for accounts of one member.
  mutating func placing(transactions: Int, operations: Int, lasting milliseconds: UInt64) throws -> HoldBlock {
    var all: [SignedTransaction] = []
    var captures: [(payee: Int, operations: [Operation])] = []
    let expires = state.tip.timestamp.advanced(byMilliseconds: milliseconds)
    for _ in 0..<transactions {
      let payer = Int(generator.next() % UInt64(accounts.count))
      let payee = (payer + 1) % accounts.count
      var places: [Operation] = []
      var ends: [Operation] = []
      for _ in 0..<operations {
        holdCount += 1
        guard let reference = HoldReference("order-\(holdCount)") else { throw Fault.badName("reference") }
        let (from, to) = (account(of: payer), account(of: payee))
        places.append(
          .holdPlace(asset: asset, from: from, to: to, amount: Amount(1), reference: reference, expires: expires))
        ends.append(
          .holdCapture(asset: asset, from: from, to: to, reference: reference, amount: Amount(1), closes: true))
      }
      all.append(try transaction(places, [payer]))
      captures.append((payee, ends))
    }
    return HoldBlock(block: assemble(all), captures: captures)
  }

  /// Builds a block on the tip that captures what an earlier one placed, in as many transactions.
  mutating func capturing(_ placed: HoldBlock) throws -> Block {
    assemble(try placed.captures.map { payee, operations in try transaction(operations, [payee]) })
  }

  /// An empty block on the tip.
  func empty(after milliseconds: UInt64) -> Block {
    var hash = HashFunction(.p256SHA256)
    return Block.assemble(
      height: state.tip.height.next ?? .genesis, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: milliseconds), transactions: [], chain: state.chain,
      hash: &hash)
  }

  private mutating func account(of member: Int) -> AccountName {
    accounts[member][Int(generator.next() % UInt64(accounts[member].count))]
  }
}
