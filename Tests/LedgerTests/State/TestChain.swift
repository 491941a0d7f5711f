import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

/// A chain for one test: builds transactions and blocks on its tip and executes them. Its signatures are made up, since
/// the state does not verify them.
///
/// Members: three administrators, two of whom must act together (`admin-1` and `admin-2` with one key, `admin-3` with
/// two), the issuers `bank-a` and `bank-b`, the participant `shop` with two of three keys, `notary`, and `guest`
/// without roles.
final class TestChain {
  typealias Signer = (member: String, key: UInt64)

  static let admins: [Signer] = [("admin-1", 101), ("admin-2", 102)]
  static let bankA: [Signer] = [("bank-a", 1)]
  static let bankB: [Signer] = [("bank-b", 2)]
  static let shop: [Signer] = [("shop", 11), ("shop", 12)]
  static let notary: [Signer] = [("notary", 21)]
  static let guest: [Signer] = [("guest", 31)]

  var state: LedgerState
  var hash: HashFunction
  private var nonce: UInt64 = 0
  /// All executed blocks, for tests that execute them elsewhere.
  private(set) var blocks: [Block] = []
  private(set) var executed = Executed()

  /// - Parameter version: the version of the rules at genesis.
  init(suite: Suite = .p256SHA256, version: UInt8 = Genesis.currentVersion) {
    state = LedgerState(genesis: Self.genesis(suite, version: version))
    hash = HashFunction(suite)
  }

  static func genesis(_ suite: Suite = .p256SHA256, version: UInt8 = Genesis.currentVersion) -> Genesis {
    func member(_ text: String, _ roles: Roles, _ keys: [UInt64], _ threshold: UInt8 = 1) -> GenesisMember {
      GenesisMember(
        name: name(text), description: text,
        authority: MemberAuthority(roles: roles, keys: keys.map(Samples.key), threshold: threshold))
    }
    return Genesis(
      version: version, chainName: name("test"), suite: suite, timestamp: Timestamp(1_000_000),
      leaderTimeoutMilliseconds: 1000,
      administratorThreshold: 2,
      members: [
        member("admin-1", .administrator, [101]), member("admin-2", .administrator, [102]),
        member("admin-3", .administrator, [103, 104], 2), member("bank-a", [.issuer, .participant], [1]),
        member("bank-b", .issuer, [2]), member("shop", .participant, [11, 12, 13], 2),
        member("notary", .notary, [21]), member("guest", [], [31]),
      ],
      validators: [
        GenesisValidator(
          name: name("node1"), member: name("admin-1"), voteKey: Samples.key(7), transportKey: Digest(7, 7, 7, 7),
          address: "node1.example:7001")
      ])
  }

  // These accept only valid names, since names in tests are literals.
  static func name(_ text: String) -> Name { Samples.name(text) }

  static func account(_ text: String) -> AccountName { Samples.account(text) }

  static func collection(_ text: String) -> CollectionName { Samples.collection(text) }

  // MARK: Operations

  static func transfer(_ asset: String, _ from: String, _ to: String, _ amount: UInt128) -> Operation {
    .assetTransfer(asset: name(asset), from: account(from), to: account(to), amount: Amount(amount))
  }

  static func issue(_ asset: String, _ to: String, _ amount: UInt128) -> Operation {
    .assetIssue(asset: name(asset), to: account(to), amount: Amount(amount))
  }

  static func retire(_ asset: String, _ from: String, _ amount: UInt128) -> Operation {
    .assetRetire(asset: name(asset), from: account(from), amount: Amount(amount))
  }

  static func define(_ asset: String, by issuer: String) -> Operation {
    .assetDefine(asset: name(asset), issuer: name(issuer), decimals: 2, description: asset)
  }

  static func open(_ text: String) -> Operation { .accountOpen(account: account(text), description: text) }

  static func anchor(
    _ author: String, _ collectionText: String, _ key: String, _ number: UInt64, metadata: [UInt8] = []
  ) -> Operation {
    .recordAnchor(
      author: name(author), collection: collection(collectionText), key: key, content: Digest(number, 0, 0, 0),
      metadata: metadata)
  }

  static func update(
    _ member: String, _ roles: Roles, _ keys: [PublicKey], _ threshold: UInt8 = 1
  ) -> Operation {
    .memberUpdate(name: name(member), authority: MemberAuthority(roles: roles, keys: keys, threshold: threshold))
  }

  /// Valid public keys, which operations require.
  static func realKeys(_ count: Int) throws -> [PublicKey] {
    try (0..<count).map { _ in try PrivateKey.generate(.p256SHA256).publicKey }
  }

  // MARK: Transactions and blocks

  func transaction(
    _ operations: [Operation], by signers: [Signer], keys: [(String, PublicKey)] = [], validUntil: Timestamp? = nil
  ) throws -> SignedTransaction {
    try draft(operations, by: signers, keys: keys, validUntil: validUntil).assemble(hash: &hash)
  }

  func draft(
    _ operations: [Operation], by signers: [Signer] = [], keys: [(String, PublicKey)] = [], validUntil: Timestamp? = nil
  ) throws -> TransactionDraft {
    nonce += 1
    var draft = try TransactionDraft(
      operations: operations, validUntil: validUntil ?? state.tip.timestamp.advanced(byMilliseconds: 60_000),
      nonce: nonce, chain: state.chain, hash: &hash)
    for signer in signers { draft.add(Samples.signature(signer.member, signer.key)) }
    for (member, key) in keys {
      draft.add(
        TransactionSignature(
          member: Self.name(member), key: key, signature: Signature(first: .zero, second: .zero)))
    }
    return draft
  }

  /// The operations executed so far, also in blocks that were reverted.
  struct Executed {
    private(set) var applied: [OperationKind: Int] = [:]
    private(set) var failed: [OperationKind: Int] = [:]
    /// Of transactions.
    private(set) var outcomes: [OutcomeCode: Int] = [:]

    mutating func add(_ transaction: SignedTransaction, _ outcome: TransactionOutcome) {
      outcomes[outcome.code, default: 0] += 1
      for operation in transaction.operations {
        if outcome.isApplied {
          applied[operation.kind, default: 0] += 1
        } else {
          failed[operation.kind, default: 0] += 1
        }
      }
    }
  }

  func block(_ transactions: [SignedTransaction], after milliseconds: UInt64 = 1000) -> Block {
    Block.assemble(
      height: state.tip.height.next ?? .genesis, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: milliseconds), transactions: transactions,
      chain: state.chain, hash: &hash)
  }

  @discardableResult
  func execute(_ transactions: [SignedTransaction], after milliseconds: UInt64 = 1000) throws -> Execution {
    let block = block(transactions, after: milliseconds)
    let execution = try state.execute(block)
    blocks.append(block)
    for (transaction, outcome) in zip(transactions, execution.outcomes) { executed.add(transaction, outcome) }
    return execution
  }

  /// Executes one transaction in its own block.
  @discardableResult
  func run(
    _ operations: [Operation], by signers: [Signer], keys: [(String, PublicKey)] = []
  ) throws -> TransactionOutcome {
    let transaction = try transaction(operations, by: signers, keys: keys)
    return try #require(try execute([transaction]).outcomes.first)
  }

  /// Executes operations that a test depends on, and expects that they are applied.
  func prepare(_ operations: [Operation], by signers: [Signer]) throws {
    let outcome = try run(operations, by: signers)
    #expect(outcome == .applied)
  }

  func revert() {
    state.revert()
    blocks.removeLast()
  }

  // MARK: Reading

  func contains(_ id: Digest) -> Bool { state.contains(id) }
  func settledContains(_ id: Digest) -> Bool { state.settledContains(id) }

  func amount(_ asset: String, _ account: String) -> Amount {
    guard case .balance(_, _, let amount) = state.entry(.balance(Self.account(account), asset: Self.name(asset)))
    else { return .zero }
    return amount
  }

  func supply(_ asset: String) -> Amount? {
    guard case .asset(let asset) = state.entry(.asset(Self.name(asset))) else { return nil }
    return asset.supply
  }
}
