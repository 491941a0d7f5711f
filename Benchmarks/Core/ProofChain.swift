import Cryptography
import Ledger
import Primitives

/// A chain of signed transfers whose epochs end at will, for receipts that cross epochs.
struct ProofChain: ~Copyable {
  private enum Fault: Error { case name, notApplied }

  let genesis: Genesis
  private var state: LedgerState
  private var hash: HashFunction
  private let owner: Name
  private let asset: Name
  private let ownerKey: PrivateKey
  private let voteKeys: [PrivateKey]
  private let accounts: [AccountName]
  private var closings: [Closing] = []
  private var nonce: UInt64 = 0

  /// A chain with two accounts, one of which has money.
  static func make(validators: Int, suite: Suite = .p256SHA256) throws -> ProofChain {
    guard let owner = Name("registry"), let asset = Name("eur"), let from = AccountName("registry/a"),
      let to = AccountName("registry/b")
    else { throw Fault.name }
    let ownerKey = try PrivateKey.generate(suite)
    let voteKeys = try (0..<validators).map { _ in try PrivateKey.generate(suite) }
    let genesis = Genesis(
      chainName: owner, suite: suite, timestamp: Timestamp(1_000_000), leaderTimeoutMilliseconds: 1000,
      administratorThreshold: 1,
      members: [
        GenesisMember(
          name: owner, description: "",
          authority: MemberAuthority(
            roles: [.administrator, .issuer, .participant], keys: [ownerKey.publicKey], threshold: 1))
      ],
      validators: try voteKeys.enumerated().map { number, key in
        guard let name = Name("node\(number + 1)") else { throw Fault.name }
        return GenesisValidator(
          name: name, member: owner, voteKey: key.publicKey, transportKey: Digest(UInt64(number) + 1, 0, 0, 0),
          address: "\(name).example:7000")
      })
    var chain = ProofChain(genesis, owner, asset, ownerKey, voteKeys, [from, to])
    try chain.begin()
    return chain
  }

  private init(
    _ genesis: Genesis, _ owner: Name, _ asset: Name, _ ownerKey: PrivateKey, _ voteKeys: [PrivateKey],
    _ accounts: [AccountName]
  ) {
    self.genesis = genesis
    self.owner = owner
    self.asset = asset
    self.ownerKey = ownerKey
    self.voteKeys = voteKeys
    self.accounts = accounts
    state = LedgerState(genesis: genesis)
    hash = HashFunction(genesis.suite)
  }

  private mutating func begin() throws {
    _ = try append([
      try transaction([.assetDefine(asset: asset, issuer: owner, decimals: 2, description: "")]),
      try transaction(
        accounts.map { .accountOpen(account: $0, description: "") } + [
          .assetIssue(asset: asset, to: accounts[0], amount: Amount(1 << 60))
        ]),
    ])
  }

  private mutating func transaction(_ operations: [Operation]) throws -> SignedTransaction {
    nonce += 1
    var draft = try TransactionDraft(
      operations: operations, validUntil: state.tip.timestamp.advanced(byMilliseconds: 60_000), nonce: nonce,
      chain: genesis.chain, hash: &hash)
    draft.add(
      TransactionSignature(
        member: owner, key: ownerKey.publicKey, signature: try ownerKey.sign(draft.signedBytes)))
    return try draft.assemble(hash: &hash)
  }

  /// Makes a block of the transactions final.
  private mutating func append(
    _ transactions: [SignedTransaction]
  ) throws -> (block: Block, outcomes: [TransactionOutcome], result: BlockResult, certificate: Certificate) {
    guard let height = state.tip.height.next else { throw Fault.notApplied }
    let block = Block.assemble(
      height: height, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: 1), transactions: transactions, chain: genesis.chain,
      hash: &hash)
    let epoch = state.tip.above.epoch
    let execution = try state.execute(block)
    guard execution.outcomes.allSatisfy(\.isApplied) else { throw Fault.notApplied }
    state.settle(upTo: height)
    let statement = Statement.finalize(
      Proposal(epoch: epoch, view: View(height.rawValue), parent: View(height.rawValue - 1), block: block.digest),
      result: execution.resultDigest)
    let message = statement.signedBytes(genesis.chain)
    let quorum = Quorum(validators: voteKeys.count).size
    let certificate = Certificate(
      statement: statement, signers: (0..<quorum).map { ValidatorIndex(UInt16($0)) },
      signatures: try voteKeys.prefix(quorum).map { try $0.sign(message) })
    return (block, execution.outcomes, execution.result, certificate)
  }

  /// Changes the leader time-out, so that the block ends its epoch.
  mutating func endEpoch() throws {
    let timeout = 1001 + state.tip.above.epoch.rawValue
    let configuration = state.tip.above.configuration
    let final = try append([
      try transaction([.parameterSet(.leaderTimeoutMilliseconds, to: timeout, configuration: configuration)])
    ])
    closings.append(
      Closing(result: final.result, certificate: final.certificate, configuration: state.configuration))
  }

  /// The receipt of a transfer in the middle of a block of as many.
  mutating func receipt(ofBlockOf count: Int) throws -> [UInt8] {
    var transactions: [SignedTransaction] = []
    for _ in 0..<count {
      transactions.append(
        try transaction([.assetTransfer(asset: asset, from: accounts[0], to: accounts[1], amount: Amount(1))]))
    }
    let final = try append(transactions)
    return Receipt(
      block: final.block, index: count / 2, outcomes: final.outcomes, result: final.result, descendants: [],
      certificate: final.certificate, closings: Closings(closings), hash: &hash
    ).bytes(genesis.chain)
  }
}
