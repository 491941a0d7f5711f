import Cryptography
import Ledger
import LedgerJSON
import Primitives
import Testing

/// Fixed values that several tests and the golden documents share.
enum Samples {
  static func name(_ text: String) throws -> Name { try #require(Name(text)) }
  static func account(_ text: String) throws -> AccountName { try #require(AccountName(text)) }

  /// Ed25519 signs without random numbers, so that receipts can be golden too.
  static func key(_ number: UInt8) throws -> PrivateKey {
    try PrivateKey(secret: [UInt8](repeating: number, count: 32), .ed25519SHA256)
  }

  static func genesis() throws -> Genesis {
    Genesis(
      chainName: try name("sample"), suite: .ed25519SHA256, timestamp: Timestamp(1_900_000_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
      members: [
        GenesisMember(
          name: try name("bank-b"), description: "Bank B, Zürich",
          authority: MemberAuthority(
            roles: [.participant, .notary], keys: [try key(3).publicKey, try key(4).publicKey], threshold: 2)),
        GenesisMember(
          name: try name("bank-a"), description: "",
          authority: MemberAuthority(
            roles: [.administrator, .issuer, .participant], keys: [try key(1).publicKey], threshold: 1)),
      ],
      validators: [
        GenesisValidator(
          name: try name("node1"), member: try name("bank-a"), voteKey: try key(5).publicKey,
          transportKey: Digest(1, 2, 3, 4), address: "127.0.0.1:7001"),
        GenesisValidator(
          name: try name("node2"), member: try name("bank-b"), voteKey: try key(6).publicKey,
          transportKey: Digest(1, 2, 3, 5), address: "[::1]:7001"),
      ])
  }

  /// At least one operation of every kind.
  static func operations() throws -> [Operation] {
    let authority = MemberAuthority(
      roles: [.issuer, .participant], keys: [try key(7).publicKey, try key(8).publicKey], threshold: 2)
    let collection = try #require(CollectionName("invoices/2031"))
    return [
      .memberAdd(name: try name("bank-c"), description: "Bank C", authority: authority),
      .memberUpdate(
        name: try name("bank-b"),
        authority: MemberAuthority(roles: [], keys: [try key(9).publicKey], threshold: 1)),
      .memberSuspend(name: try name("bank-b"), reason: "licence withdrawn"),
      .memberRestore(name: try name("bank-b")),
      .accountOpen(account: try account("bank-b/customers/17"), description: "customers' \"money\""),
      .accountFreeze(account: try account("bank-b/customers/17")),
      .accountUnfreeze(account: try account("bank-b/customers/17")),
      .assetDefine(asset: try name("gold"), issuer: try name("bank-a"), decimals: 3, description: "Gold, kg"),
      .assetIssue(asset: try name("gold"), to: try account("bank-a/main"), amount: Amount(1_500)),
      .assetRetire(asset: try name("eur"), from: try account("bank-b/customers/17"), amount: Amount(.max)),
      .assetTransfer(
        asset: try name("eur"), from: try account("bank-a/main"), to: try account("bank-b/customers/17"),
        amount: Amount(1250), memo: Array("INV-17".utf8)),
      .assetTransfer(
        asset: try name("share"), from: try account("bank-b"), to: try account("bank-a"), amount: Amount(1),
        memo: [0, 255]),
      .recordAnchor(
        author: try name("bank-b"), collection: collection, key: "INV 17/b", content: Digest(1, 2, 3, 4),
        metadata: Array("draft 2".utf8)),
      .recordAnchor(
        author: try name("bank-b"), collection: collection, key: "INV 18", content: Digest(1, 2, 3, 5),
        metadata: [1, 2, 255]),
    ]
  }

  /// What the sample assets' decimals are: `eur` two, `share` none.
  static func decimals(_ asset: Name) -> UInt8? {
    switch asset.description {
    case "eur": 2
    case "share": 0
    default: nil
    }
  }

  static func draft(_ hash: inout HashFunction) throws -> TransactionDraft {
    var draft = try TransactionDraft(
      operations: try operations(), validUntil: Timestamp(1_900_000_600_000), nonce: .max, chain: try genesis().chain,
      hash: &hash)
    try draft.sign(as: try name("bank-b"), with: try key(4))
    try draft.sign(as: try name("bank-a"), with: try key(1))
    return draft
  }

  /// The receipt of a block with one transaction, finalized by both validators.
  static func receipt(_ hash: inout HashFunction) throws -> Receipt {
    let genesis = try genesis()
    let transaction = try draft(&hash).assemble(hash: &hash)
    let block = Block.assemble(
      height: Height(1), parent: genesis.blockDigest, parentResult: Digest(9, 9, 9, 9),
      timestamp: Timestamp(1_900_000_000_123), transactions: [transaction], chain: genesis.chain, hash: &hash)
    let outcomes = [TransactionOutcome(code: .accountFrozen, operation: 9)]
    let leaves = OutcomeTree.leaves(of: block, outcomes: outcomes, hash: &hash)
    let result = BlockResult(
      height: Height(1), block: block.digest, stateRoot: Digest(8, 8, 8, 8),
      outcomeRoot: MerkleTree.root(of: leaves, hash: &hash))
    let statement = Statement.finalize(
      Proposal(epoch: .first, view: View(4), parent: .genesis, block: block.digest), result: result.digest(hash: &hash))
    let signatures = try [5, 6].map { try key($0).sign(statement.signedBytes(genesis.chain)) }
    let certificate = Certificate(
      statement: statement, signers: [ValidatorIndex(0), ValidatorIndex(1)], signatures: signatures)
    return Receipt(
      block: block, index: 0, outcomes: outcomes, result: result, descendants: [], certificate: certificate,
      hash: &hash)
  }
}
