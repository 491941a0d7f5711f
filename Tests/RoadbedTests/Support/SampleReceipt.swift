import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Primitives
import Testing

/// A receipt that no node made: of a chain with seven validators of four members, the first five of which sign. Without a
/// cluster, a test so gets a receipt of whatever it wants.
struct SampleReceipt {
  /// What somebody may write into a chain to deceive a reader.
  static let hostile = "</style><script>alert('x')</script><img src=\"http://evil\" onerror=x> & \u{202E}"

  var genesis: Genesis
  var receipt: Receipt

  private static func name(_ text: String) throws -> Name { try #require(Name(text)) }

  private static func key(_ number: UInt8) throws -> PrivateKey {
    try PrivateKey(secret: [UInt8](repeating: number, count: 32), .ed25519SHA256)
  }

  private static func genesis(_ description: String) throws -> Genesis {
    let members = [
      ("operator1", description), ("operator2", "Bank B, Zürich"), ("operator3", ""), ("operator4", "四号机构"),
    ]
    return Genesis(
      chainName: try name("seven"), suite: .ed25519SHA256, timestamp: Timestamp(1_900_000_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
      members: try members.enumerated().map { number, member in
        GenesisMember(
          name: try name(member.0), description: member.1,
          authority: MemberAuthority(
            roles: [.administrator, .issuer], keys: [try key(UInt8(30 + number)).publicKey], threshold: 1))
      },
      validators: try (1...7).map { number in
        GenesisValidator(
          name: try name("node\(number)"), member: try name("operator\((number + 1) / 2)"),
          voteKey: try key(UInt8(number)).publicKey, transportKey: Digest(1, 2, 3, UInt64(number)),
          address: "127.0.0.1:700\(number)")
      })
  }

  /// - Parameters:
  ///   - headers: the number of headers above the block.
  ///   - epochs: the number of epochs that are over.
  ///   - description: of the first member, in genesis.
  init(
    _ operations: [Ledger.Operation], outcome: TransactionOutcome = .applied, headers: Int = 0, epochs: Int = 0,
    description: String = "Registry"
  ) throws {
    genesis = try Self.genesis(description)
    let chain = genesis.chain
    var hash = HashFunction(chain.suite)
    var draft = try TransactionDraft(
      operations: operations, validUntil: Timestamp(1_900_000_600_000), nonce: 77, chain: chain, hash: &hash)
    for member in 1...2 {
      try draft.sign(as: try Self.name("operator\(member)"), with: try Self.key(UInt8(29 + member)))
    }
    let configuration = genesis.configuration.digest(hash: &hash)
    func result(_ height: UInt64, _ block: Digest, _ outcomes: Digest, above epoch: Int) -> BlockResult {
      BlockResult(
        height: Height(height), block: block, stateRoot: Digest(8, 8, 8, height), outcomeRoot: outcomes,
        above: EpochReference(epoch: Epoch(UInt64(epoch)), configuration: configuration))
    }
    func finalize(_ block: Digest, _ result: Digest, epoch: Int) throws -> Certificate {
      let statement = Statement.finalize(
        Proposal(epoch: Epoch(UInt64(epoch)), view: View(9), parent: View(7), block: block), result: result)
      let message = statement.signedBytes(chain)
      return Certificate(
        statement: statement, signers: (0..<5).map { ValidatorIndex($0) },
        signatures: try (1...5).map { try Self.key($0).sign(message) })
    }
    var closings: [Closing] = []
    for epoch in 0..<epochs {
      let last = result(UInt64(10 * (epoch + 1)), Digest(5, 5, 5, UInt64(epoch)), .zero, above: epoch + 1)
      closings.append(
        Closing(
          result: last, certificate: try finalize(last.block, last.digest(hash: &hash), epoch: epoch),
          configuration: genesis.configuration))
    }
    let height = UInt64(10 * epochs + 3)
    let block = Block.assemble(
      height: Height(height), parent: Digest(6, 6, 6, 6), parentResult: Digest(7, 7, 7, 7),
      timestamp: Timestamp(1_900_000_000_123), transactions: [try draft.assemble(hash: &hash)], chain: chain,
      hash: &hash)
    let leaves = OutcomeTree.leaves(of: block, outcomes: [outcome], hash: &hash)
    let own = result(height, block.digest, MerkleTree.root(of: leaves, hash: &hash), above: epochs)
    var (descendants, last) = ([BlockHeader](), (block: block.digest, result: own.digest(hash: &hash)))
    for number in 0..<headers {
      let header = BlockHeader(
        height: Height(height + 1 + UInt64(number)), parent: last.block, parentResult: last.result,
        timestamp: Timestamp(1_900_000_001_000 + UInt64(number)), transactionCount: 0, transactionRoot: .zero)
      descendants.append(header)
      last = (header.digest(chain, hash: &hash), Digest(4, 4, 4, UInt64(number)))
    }
    receipt = Receipt(
      block: block, index: 0, outcomes: [outcome], result: own, descendants: descendants,
      certificate: try finalize(last.block, last.result, epoch: epochs), closings: Closings(closings), hash: &hash)
  }

  /// A transfer of something that nobody defined, and every text that somebody may write.
  static func hostileOperations() throws -> [Ledger.Operation] {
    let account = try #require(AccountName("operator1/main"))
    let operator1 = try name("operator1")
    return [
      .assetTransfer(
        asset: try name("gold"), from: account, to: try #require(AccountName("operator2")), amount: Amount(12),
        memo: Array("<script>alert(1)</script>\u{202E}".utf8)),
      .assetTransfer(
        asset: try name("gold"), from: account, to: try #require(AccountName("operator2")), amount: Amount(1),
        memo: [0xFF, 0x3C, 0x0A]),
      .accountOpen(account: account, description: hostile), .memberSuspend(name: operator1, reason: hostile),
      .assetDefine(asset: try name("gold"), issuer: operator1, decimals: 1, description: hostile),
      .recordAnchor(
        author: operator1, collection: try #require(CollectionName("deeds")), key: "\"><script src=x>",
        content: Digest(1, 2, 3, 4), metadata: Array("<script>\n\u{1B}[2J".utf8)),
    ]
  }

  /// The digest of the result with which an epoch began.
  func opening(of epoch: Int) -> Digest {
    var hash = HashFunction(genesis.suite)
    return receipt.closings.list[epoch - 1].result.digest(hash: &hash)
  }

  /// Writes receipt.json and genesis.json into a folder.
  func write(to folder: Folder) throws {
    var hash = HashFunction(genesis.suite)
    try folder.write(
      String(decoding: ReceiptDocument.render(receipt, chain: genesis.chain, hash: &hash), as: UTF8.self),
      to: "receipt.json")
    try folder.write(String(decoding: GenesisDocument.render(genesis), as: UTF8.self), to: "genesis.json")
  }
}
