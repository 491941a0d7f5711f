import Cryptography
import Ledger
import Primitives

/// Measures what the core holds in memory for each kind of entry of the state, map and indexes included: the resident memory of
/// the process before and after blocks that add many of one kind.
enum MemoryBench {
  private static let count = 1 << 18

  static func run(_ report: Report) throws {
    report.note("\(count) entries of each kind; 'readers' is the copy of the state for look-ups")
    var account = (state: 0, readers: 0)
    var balance = 0
    // Everything is kept until the end, so that no measurement finds memory that an earlier one has left.
    var kept: [AnyObject] = []
    for kind in Kind.allCases {
      var (state, readers) = try measure(kind, &kept)
      // The view of balances has the accounts, too.
      if kind == .balance { readers -= account.readers }
      report.note(
        "\(kind.rawValue): \(state) bytes" + (readers > 0 ? ", readers \(readers)" : "")
          + (kind == .version ? " (each later version of the same records)" : ""))
      if kind == .account { account = (state, readers) }
      if kind == .balance { balance = state + readers }
    }
    for millions in [10, 100] {
      let bytes = millions * 1_000_000 * (account.state + account.readers + balance)
      report.note("\(millions) million accounts with a balance each: about \(bytes >> 30) GiB of the core")
    }
    withExtendedLifetime(kept) {}
  }

  private enum Kind: String, CaseIterable {
    case member = "member with one key, and its account"
    case account = "account without a balance"
    case balance = "balance"
    case asset = "asset"
    case record = "record"
    case version = "later version of a record"
    case remembered = "remembered transaction"
  }

  /// Bytes of an entry in the state, and in the readers' view.
  private static func measure(_ kind: Kind, _ kept: inout [AnyObject]) throws -> (state: Int, readers: Int) {
    let world = try World()
    switch kind {
    case .balance: try world.add(count, Self.operation(.account))
    case .version: try world.add(count, Self.operation(.record))
    default: break
    }
    let number = kind == .member || kind == .asset ? count / 4 : count
    let before = Report.residentBytes()
    if kind == .remembered {
      try world.pay(number)
    } else {
      try world.add(number, Self.operation(kind))
    }
    let state = (Report.residentBytes() - before) / number
    let unread = Report.residentBytes()
    let view = Readers(world.state)
    kept += [world, view]
    let readers = (Report.residentBytes() - unread) / number
    let isShown = kind != .version && kind != .remembered
    return (max(0, state), isShown ? max(0, readers) : 0)
  }

  /// Keeps the readers' view.
  private final class Readers {
    let view: LedgerView
    init(_ state: borrowing LedgerState) { view = LedgerView(of: state) }
  }

  private static func operation(_ kind: Kind) -> @Sendable (Int) throws -> Operation {
    let owner = try? World.name("owner")
    return { number in
      guard let owner, let account = AccountName("owner/customers/\(number)"),
        let collection = CollectionName("documents/2031")
      else { throw World.Fault.name }
      switch kind {
      case .member:
        return .memberAdd(
          name: try World.name("member-\(number)"), description: "",
          authority: MemberAuthority(roles: .participant, keys: [World.realKey(number)], threshold: 1))
      case .account: return .accountOpen(account: account, description: "")
      case .balance: return .assetIssue(asset: try World.name("eur"), to: account, amount: Amount(1))
      case .asset:
        return .assetDefine(asset: try World.name("asset-\(number)"), issuer: owner, decimals: 2, description: "")
      case .record, .version:
        return .recordAnchor(
          author: owner, collection: collection, key: "document \(number)", content: Digest(UInt64(number), 1, 2, 3))
      case .remembered: throw World.Fault.name
      }
    }
  }

  /// A chain with one member that may do everything.
  private final class World {
    enum Fault: Error { case name }

    private(set) var state: LedgerState
    private var hash = HashFunction(.p256SHA256)
    private var nonce: UInt64 = 0
    private static let key = PublicKey(prefix: 2, body: Digest(1, 2, 3, 4))

    static func name(_ text: String) throws -> Name {
      guard let name = Name(text) else { throw Fault.name }
      return name
    }

    /// A valid key that differs from all others.
    static func realKey(_ number: Int) -> PublicKey {
      var secret = [UInt8](repeating: 7, count: 32)
      withUnsafeBytes(of: UInt64(number)) { secret.replaceSubrange(0..<8, with: $0) }
      guard let key = try? PrivateKey(secret: secret, .p256SHA256).publicKey else {
        preconditionFailure("the benchmark's key \(number) is not a key")
      }
      return key
    }

    init() throws {
      let owner = try Self.name("owner")
      state = LedgerState(
        genesis: Genesis(
          chainName: try Self.name("bench"), suite: .p256SHA256, timestamp: Timestamp(1_000_000),
          leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
          members: [
            GenesisMember(
              name: owner, description: "",
              authority: MemberAuthority(
                roles: [.administrator, .issuer, .participant, .notary], keys: [Self.key], threshold: 1))
          ],
          validators: [
            GenesisValidator(
              name: owner, member: owner, voteKey: Self.key, transportKey: .zero, address: "node1.example:7001")
          ]))
      try execute([
        .assetDefine(asset: try Self.name("eur"), issuer: owner, decimals: 2, description: ""),
        .assetIssue(asset: try Self.name("eur"), to: AccountName(owner), amount: Amount(1 << 60)),
        .accountOpen(account: try Self.till(), description: ""),
      ])
    }

    private static func till() throws -> AccountName {
      guard let till = AccountName("owner/till") else { throw Fault.name }
      return till
    }

    /// Executes one operation for each number, many in a block, and forgets the ids of the transactions.
    func add(_ count: Int, _ operation: (Int) throws -> Operation) throws {
      for start in stride(from: 0, to: count, by: 4096) {
        try execute(try (start..<min(start + 4096, count)).map(operation))
      }
    }

    /// Executes transactions of one transfer each, whose ids are remembered.
    func pay(_ count: Int) throws {
      let (eur, owner) = (try Self.name("eur"), AccountName(try Self.name("owner")))
      let transfer = Operation.assetTransfer(asset: eur, from: owner, to: try Self.till(), amount: Amount(1))
      for start in stride(from: 0, to: count, by: 8192) {
        try commit(try (start..<min(start + 8192, count)).map { _ in try sign([transfer], validFor: 80_000_000) })
      }
    }

    private func execute(_ operations: [Operation]) throws {
      try commit([try sign(operations, validFor: 2000)])
    }

    private func sign(_ operations: [Operation], validFor milliseconds: UInt64) throws -> SignedTransaction {
      nonce += 1
      var draft = try TransactionDraft(
        operations: operations, validUntil: state.tip.timestamp.advanced(byMilliseconds: milliseconds), nonce: nonce,
        chain: state.chain, hash: &hash)
      draft.add(
        TransactionSignature(
          member: try Self.name("owner"), key: Self.key, signature: Signature(first: .zero, second: .zero)))
      return try draft.assemble(hash: &hash)
    }

    private func commit(_ transactions: [SignedTransaction]) throws {
      let block = Block.assemble(
        height: state.tip.height.next ?? .genesis, parent: state.tip.block, parentResult: state.tip.result,
        timestamp: state.tip.timestamp.advanced(byMilliseconds: 1000), transactions: transactions, chain: state.chain,
        hash: &hash)
      let execution = try state.execute(block)
      precondition(execution.outcomes.allSatisfy(\.isApplied), "setting up failed: \(execution.outcomes)")
      state.settle(upTo: state.tip.height)
    }
  }
}
