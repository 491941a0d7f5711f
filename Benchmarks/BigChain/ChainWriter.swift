import BlockLog
import Cryptography
import Foundation
import Ledger
import NodeCore
import Primitives
import Replica

/// Executes and signs one block after another and appends them to the first node's log.
struct ChainWriter: ~Copyable {
  private enum Failure: Error {
    case name
    case notApplied(Height)
  }

  private let genesis: Genesis
  private let chain: ChainContext
  private let owner: Name
  private let asset: Name
  private let ownerKey: PrivateKey
  private let voteKeys: [PrivateKey]
  private var hash: HashFunction
  private var state: LedgerState
  private var log: BlockLog<FileDisk>
  private var nonce: UInt64 = 0
  private var view = View.genesis
  private var names: [AccountName] = []
  private var random = SeededGenerator(seed: 11)
  private let validUntil: Timestamp

  init(genesis: Genesis, directory: String, signers: Int) throws {
    guard let owner = Name("registry"), let asset = Name("eur") else { throw Failure.name }
    let ownerKey = try KeyFile.read("\(directory)/keys/registry.pem", suite: genesis.suite)
    let voteKeys = try (1...signers).map {
      try KeyFile.read("\(directory)/node\($0)/keys/vote.pem", suite: genesis.suite)
    }
    var log = try Self.makeLog(in: directory, of: genesis, validator: 1)
    _ = try log.append(PendingRecord(LogOrigin.founded))
    self.genesis = genesis
    self.owner = owner
    self.asset = asset
    self.ownerKey = ownerKey
    self.voteKeys = voteKeys
    self.log = log
    chain = genesis.chain
    hash = HashFunction(genesis.suite)
    state = LedgerState(genesis: genesis)
    validUntil = genesis.timestamp.advanced(byMilliseconds: Limits.validityMilliseconds)
  }

  private static func makeLog(
    in directory: String, of genesis: Genesis, validator number: Int
  ) throws -> BlockLog<FileDisk> {
    let disk = try FileDisk(path: "\(directory)/node\(number)/log")
    for file in try disk.list() { try disk.remove(file) }
    var options = LogOptions()
    options.salt = UInt64.random(in: .min ... .max)
    let owner = LogOwner(chain: genesis.digest, writer: genesis.validators[number - 1].voteKey)
    return try BlockLog.create(disk, owner: owner, options: options)
  }

  var description: String {
    "height \(state.tip.height), \(state.rememberedCount) remembered transactions, log of "
      + "\(log.statistics.payloadBytes / 1_000_000) MB"
  }

  /// Opens the accounts and gives each one a balance.
  mutating func begin(accounts: Int) throws {
    let authority = MemberAuthority(
      roles: [.administrator, .issuer, .participant], keys: [ownerKey.publicKey], threshold: 1)
    try append([try transaction([.memberUpdate(name: owner, authority: authority)])])
    try append([try transaction([.assetDefine(asset: asset, issuer: owner, decimals: 2, description: "")])])
    var operations: [Ledger.Operation] = []
    for number in 0..<accounts {
      guard let name = AccountName("\(owner)/customers/\(number)") else { throw Failure.name }
      names.append(name)
      operations.append(.accountOpen(account: name, description: ""))
      operations.append(.assetIssue(asset: asset, to: name, amount: Amount(1 << 60)))
      if operations.count >= 9000 || number + 1 == accounts {
        try append([try transaction(operations)])
        operations.removeAll(keepingCapacity: true)
      }
    }
  }

  mutating func transfer(_ count: Int, perTransaction size: Int, among accounts: Int) throws {
    var transactions: [SignedTransaction] = []
    for begun in stride(from: 0, to: count, by: size) {
      transactions.append(
        try transaction(
          (begun..<min(begun + size, count)).map { _ in
            let from = Int.random(in: 0..<accounts, using: &random)
            let to = (from + Int.random(in: 1..<accounts, using: &random)) % accounts
            return .assetTransfer(asset: asset, from: names[from], to: names[to], amount: Amount(1))
          }))
    }
    try append(transactions)
  }

  /// Changes the leader time-out by a millisecond, so that the block ends its epoch.
  mutating func endEpoch() throws {
    let timeout = UInt64(genesis.leaderTimeoutMilliseconds) + (state.tip.above.epoch.rawValue + 1) % 2
    try append([
      try transaction([
        .parameterSet(.leaderTimeoutMilliseconds, to: timeout, configuration: state.tip.above.configuration)
      ])
    ])
  }

  consuming func close() throws { try log.close() }

  /// Copies the records of the first node's log into the log of another node. Apart from its origin, the first node's
  /// log contains nothing of its own, such as votes.
  static func copy(in directory: String, to number: Int, of genesis: Genesis) throws {
    let source = try FileDisk(path: "\(directory)/node1/log", access: .readOnly)
    var cursor = try LogReader(source, owner: .anyone(of: genesis.digest)).inspect().records
    var log = try makeLog(in: directory, of: genesis, validator: number)
    while let record = try cursor.next() {
      _ = try log.append(kind: record.kind, height: record.height, payload: record.payload)
    }
    try log.close()
  }

  private mutating func transaction(_ operations: [Ledger.Operation]) throws -> SignedTransaction {
    nonce += 1
    var draft = try TransactionDraft(
      operations: operations, validUntil: validUntil, nonce: nonce, chain: chain, hash: &hash)
    draft.add(
      TransactionSignature(
        member: owner, key: ownerKey.publicKey, signature: try ownerKey.sign(draft.signedBytes)))
    return try draft.assemble(hash: &hash)
  }

  /// Appends a block of these transactions, with its execution record and finalization.
  private mutating func append(_ transactions: [SignedTransaction]) throws {
    guard let height = state.tip.height.next, let next = view.next else { throw Failure.name }
    let block = Block.assemble(
      height: height, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: 1), transactions: transactions, chain: chain,
      hash: &hash)
    let epoch = state.tip.above.epoch
    let execution = try state.execute(block)
    guard execution.outcomes.allSatisfy(\.isApplied) else { throw Failure.notApplied(height) }
    state.settle(upTo: height)
    let proposal = Proposal(epoch: epoch, view: next, parent: view, block: block.digest)
    let statement = Statement.finalize(proposal, result: execution.resultDigest)
    let message = statement.signedBytes(chain)
    let certificate = Certificate(
      statement: statement, signers: voteKeys.indices.map { ValidatorIndex(UInt16($0)) },
      signatures: try voteKeys.map { try $0.sign(message) })
    let record = ExecutionRecord(
      result: execution.result, digest: execution.resultDigest, outcomes: execution.outcomes)
    _ = try log.append(PendingRecord(BlockEntry(block), height: height))
    _ = try log.append(PendingRecord(record, height: height))
    _ = try log.append(PendingRecord(certificate, height: height))
    _ = try log.sync()
    // The views of an epoch begin anew.
    view = state.tip.above.epoch == epoch ? next : .genesis
  }
}
