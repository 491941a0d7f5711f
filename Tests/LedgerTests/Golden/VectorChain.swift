import Cryptography
import Primitives
import Testing

@testable import Ledger

/// A chain of four validators and eight blocks in which every format occurs, executed by the ledger and kept as vectors.
///
/// Block 1 (view 1) has five transactions, the last of which fails. Block 2 is from view 2. View 3 is given up. Block 3
/// (view 4) has one transaction, and its finalization covers three blocks. Block 4 changes validators; 5 and 6 have holds;
/// 7 and 8 have what else version 4 of the rules adds.
final class VectorChain {
  var file: VectorFile
  let suite: Primitives.Suite
  let genesis: Genesis
  var state: LedgerState
  var hash: HashFunction
  private var transactions = 0
  private var operations = 0
  private var blocks: [(block: Block, execution: Execution)] = []

  private static let start = Timestamp(1_900_000_000_000)
  /// The key numbers of the registry, of bank-a, of bank-b (two keys), of bank-c and of its second key, and of the
  /// validators of genesis.
  static let registry = 1
  static let bankA = 2
  static let bankB = [3, 4]
  static let bankC = 5
  private static let rotated = 6
  private static let validators = 7...10

  init(_ suite: Primitives.Suite) throws {
    self.suite = suite
    file = try VectorFile(suite)
    hash = HashFunction(suite)
    genesis = try Self.genesis(suite)
    state = LedgerState(genesis: genesis)
  }

  /// Records everything in the file.
  func record() throws {
    try recordKeys()
    recordGenesis()
    recordTrees()
    recordOutcomes()
    try recordBlocks()
    let finalization = try recordVotes()
    try recordReceipts(finalization)
    try recordEpochs(finalization)
    try recordState(finalization)
    try recordValidators()
    try recordHolds()
    try recordTerms()
  }

  /// The secret of a key number: 32 bytes with that number. These secrets protect nothing.
  private static func secret(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 32) }
  static func key(_ number: Int, _ suite: Primitives.Suite) throws -> PrivateKey {
    try PrivateKey(secret: secret(number), suite)
  }

  private static func authority(
    _ roles: Roles, _ keys: [Int], threshold: UInt8 = 1, _ suite: Primitives.Suite
  ) throws -> MemberAuthority {
    MemberAuthority(roles: roles, keys: try keys.map { try key($0, suite).publicKey }, threshold: threshold)
  }

  private static func genesis(_ suite: Primitives.Suite) throws -> Genesis {
    let name = TestChain.name
    return Genesis(
      chainName: name("vectors"), suite: suite, timestamp: start, leaderTimeoutMilliseconds: 1000,
      administratorThreshold: 1,
      members: [
        GenesisMember(
          name: name("registry"), description: "", authority: try authority(.administrator, [registry], suite)),
        GenesisMember(
          name: name("bank-a"), description: "Bank A",
          authority: try authority([.issuer, .participant], [bankA], suite)),
        GenesisMember(
          name: name("bank-b"), description: "Bank B, Zürich",
          authority: try authority([.participant, .notary], bankB, threshold: 2, suite)),
      ],
      validators: try validators.map { number in
        let place = number - validators.lowerBound + 1
        return GenesisValidator(
          name: name("node\(place)"), member: name(place == 1 ? "registry" : place == 2 ? "bank-a" : "bank-b"),
          voteKey: try key(number, suite).publicKey, transportKey: Digest(1, 2, 3, UInt64(place)),
          address: place == 4 ? "[::1]:7004" : "node\(place).example:700\(place)")
      })
  }

  private func recordKeys() throws {
    for number in Self.registry...Self.voteKeys.upperBound {
      file.add("key.\(number).secret", Self.secret(number))
      file.add("key.\(number).public", try Self.key(number, suite).publicKey.bytes)
    }
  }

  private func recordGenesis() {
    file.add("genesis", genesis.bytes)
    file.add("genesis.digest", genesis.digest)
    file.add("header.0", encoded { genesis.header.encode(into: &$0, chain: genesis.chain) })
    file.add("header.0.digest", genesis.blockDigest)
    file.add("result.0", encoded { state.genesisResult.encode(into: &$0) })
    file.add("result.0.digest", state.genesisResult.digest(hash: &hash))
  }

  // MARK: Trees and outcomes

  /// Trees whose leaf i is the single byte i.
  private func recordTrees() {
    for size in 0...7 {
      let leaves = (0..<size).map { MerkleTree.leaf([UInt8($0)].span.bytes, hash: &hash) }
      file.add("tree.\(size).root", MerkleTree.root(of: leaves, hash: &hash))
      for index in 0..<size {
        file.add(
          "tree.\(size).path.\(index)", MerkleTree.path(to: index, of: leaves, hash: &hash).flatMap(\.bytes))
      }
    }
  }

  private func recordOutcomes() {
    for code in OutcomeCode.allCases {
      let outcome = TransactionOutcome(code: code, operation: code == .applied ? 0 : 258)
      file.add("outcome.\(code.rawValue)", encoded { outcome.encode(into: &$0) })
    }
  }

  // MARK: Transactions and blocks

  typealias Signer = (member: String, key: Int)

  func transaction(_ operations: [Operation], by signers: [Signer]) throws -> SignedTransaction {
    transactions += 1
    let name = "transaction.\(transactions)"
    var draft = try TransactionDraft(
      operations: operations, validUntil: Self.start.advanced(byMilliseconds: 600_000), nonce: UInt64(transactions),
      chain: genesis.chain, hash: &hash)
    for signer in signers {
      let key = try Self.key(signer.key, suite)
      let signature = try file.signature(of: draft.signedBytes, by: key)
      draft.add(
        TransactionSignature(member: TestChain.name(signer.member), key: key.publicKey, signature: signature))
    }
    let transaction = try draft.assemble(hash: &hash)
    for operation in operations {
      self.operations += 1
      file.add("operation.\(self.operations)", encoded { operation.encode(into: &$0) })
    }
    file.add(name, transaction.bytes)
    file.add("\(name).unsigned", draft.unsignedBytes)
    file.add("\(name).id", transaction.id)
    file.add("\(name).signed-message", draft.signedBytes)
    return transaction
  }

  func block(_ transactions: [SignedTransaction], outcomes: [TransactionOutcome]) throws {
    let height = try #require(state.tip.height.next)
    let block = Block.assemble(
      height: height, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: 1000), transactions: transactions, chain: genesis.chain,
      hash: &hash)
    let execution = try state.execute(block)
    #expect(execution.outcomes == outcomes)
    blocks.append((block, execution))
    file.add("header.\(height)", encoded { block.header.encode(into: &$0, chain: genesis.chain) })
    file.add("header.\(height).digest", block.digest)
    file.add("block.\(height)", block.bytes)
    file.add("result.\(height)", encoded { execution.result.encode(into: &$0) })
    file.add("result.\(height).digest", execution.resultDigest)
  }

  private func recordBlocks() throws {
    let name = TestChain.name
    let account = TestChain.account
    let administrators: [Signer] = [("registry", Self.registry)]
    let bankA: [Signer] = [("bank-a", Self.bankA)]
    // In descending order, since the encoding must be ascending in any case.
    let bankB: [Signer] = Self.bankB.reversed().map { ("bank-b", $0) }
    let first = [
      try transaction(
        [
          .assetDefine(asset: name("eur"), issuer: name("bank-a"), decimals: 2, description: "Euro of Bank A"),
          .accountOpen(account: account("bank-a/main"), description: "Hauptkonto, größtes"),
          .assetIssue(asset: name("eur"), to: account("bank-a/main"), amount: Amount(UInt128(1) << 80)),
        ], by: bankA),
      try transaction(
        [
          .memberAdd(
            name: name("bank-c"), description: "Bank C",
            authority: try Self.authority([.issuer, .participant], [Self.bankC, Self.rotated], threshold: 2, suite))
        ], by: administrators),
      try transaction(
        [
          .accountOpen(account: account("bank-b/customers/17"), description: ""),
          .recordAnchor(
            author: name("bank-b"), collection: TestChain.collection("invoices/2031"), key: "INV 17/b",
            content: Digest(1, 2, 3, 4), metadata: [0, 1, 2, 255]),
          .recordAnchor(
            author: name("bank-b"), collection: TestChain.collection("invoices/2031"), key: "INV 17/b",
            content: Digest(5, 6, 7, 8)),
        ], by: bankB),
      try transaction(
        [
          .assetTransfer(
            asset: name("eur"), from: account("bank-a/main"), to: account("bank-b/customers/17"), amount: Amount(12345),
            memo: Array("INV-17".utf8))
        ], by: bankA),
      try transaction(
        [
          .assetTransfer(asset: name("eur"), from: account("bank-a/main"), to: account("bank-a"), amount: Amount(1)),
          .assetTransfer(
            asset: name("eur"), from: account("bank-a/main"), to: account("bank-a"), amount: Amount(.max)),
        ], by: bankA),
    ]
    let failure = TransactionOutcome(code: .assetInsufficientFunds, operation: 1)
    try block(first, outcomes: [.applied, .applied, .applied, .applied, failure])
    let second = [
      try transaction(
        [.assetRetire(asset: name("eur"), from: account("bank-b/customers/17"), amount: Amount(345))],
        by: bankA + bankB),
      try transaction(
        [
          .memberSuspend(name: name("bank-c"), reason: "licence withdrawn"), .memberRestore(name: name("bank-c")),
          .accountFreeze(account: account("bank-a/main")), .accountUnfreeze(account: account("bank-a/main")),
          .memberUpdate(
            name: name("bank-c"), authority: try Self.authority([], [Self.rotated], suite)),
        ], by: administrators),
    ]
    try block(second, outcomes: [.applied, .applied])
    let third = try transaction(
      [
        .parameterSet(.validityMilliseconds, to: 3_600_000),
        .memberSuspend(name: name("bank-c"), reason: "licence withdrawn"),
        .accountFreeze(account: account("bank-b/customers/17")),
      ], by: administrators)
    try block([third], outcomes: [.applied])
  }

  // MARK: Votes and receipts

  private func recordVotes() throws -> Certificate {
    let last = try #require(blocks.last)
    let proposal = Proposal(epoch: .first, view: View(4), parent: View(2), block: last.block.digest)
    var finalization: Certificate?
    let statements: [Statement] = [
      .notarize(proposal), .nullify(epoch: .first, view: View(3)),
      .finalize(proposal, result: last.execution.resultDigest),
    ]
    for statement in statements {
      let message = statement.signedBytes(genesis.chain)
      let name = "\(statement.kind)"
      file.add("statement.\(name)", encoded { statement.encode(into: &$0) })
      file.add("statement.\(name).signed-message", message)
      // All validators but the second one.
      let signers = [0, 2, 3]
      let signatures = try signers.map { signer in
        try file.signature(of: message, by: try Self.key(Self.validators.lowerBound + signer, suite))
      }
      let certificate = Certificate(
        statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) }, signatures: signatures)
      let vote = Vote(statement: statement, signer: certificate.signers[2], signature: signatures[2])
      file.add("vote.\(name)", encoded { vote.encode(into: &$0) })
      file.add("certificate.\(name)", encoded { certificate.encode(into: &$0) })
      if statement.kind == .finalize { finalization = certificate }
    }
    return try #require(finalization)
  }

  /// Receipts for a transaction two blocks below the certified block, for the failed transaction, and for the
  /// transaction in the certified block.
  private func recordReceipts(_ finalization: Certificate) throws {
    for (place, (height, index)) in [(1, 3), (1, 4), (3, 0)].enumerated() {
      let (block, execution) = blocks[height - 1]
      let receipt = Receipt(
        block: block, index: index, outcomes: execution.outcomes, result: execution.result,
        descendants: blocks[height...].map(\.block.header), certificate: finalization, hash: &hash)
      _ = try receipt.verify(genesis: genesis)
      file.add("receipt.\(place + 1)", receipt.bytes(genesis.chain))
    }
  }

  // MARK: Later epochs

  /// Closings of two epochs, as if block 3 were the last of epoch 0 and a block of height 9, of which there is only the
  /// result, the last of epoch 1; and the receipt of block 3's transaction under a certificate of epoch 2, as if the block
  /// lay there.
  private func recordEpochs(_ finalization: Certificate) throws {
    var configurations = [genesis.configuration, genesis.configuration, genesis.configuration]
    configurations[1].validators.removeLast()
    configurations[2].validators.swapAt(0, 1)
    configurations[2].leaderTimeoutMilliseconds = 500
    for (number, configuration) in configurations.enumerated() {
      file.add("configuration.\(number)", configuration.bytes)
      file.add("configuration.\(number).digest", configuration.digest(hash: &hash))
    }
    let (block, execution) = try #require(blocks.last)
    func result(_ height: UInt64, _ block: Digest, next: UInt64) -> BlockResult {
      var result = execution.result
      result.height = Height(height)
      result.block = block
      result.above = EpochReference(
        epoch: Epoch(next), configuration: configurations[Int(next)].digest(hash: &hash))
      return result
    }
    /// The finalization of a result, signed by a quorum of that epoch's validators.
    func finalize(_ result: BlockResult, epoch: Int) throws -> Certificate {
      let statement = Statement.finalize(
        Proposal(epoch: Epoch(UInt64(epoch)), view: View(5), parent: View(2), block: result.block),
        result: result.digest(hash: &hash))
      let set = configurations[epoch].validatorSet(of: Epoch(UInt64(epoch)))
      let signers = Array(set.indices.suffix(set.quorum.size))
      let signatures = try signers.map { signer in
        let number = try #require(genesis.validators.firstIndex { $0.voteKey == set.voteKey(of: signer) })
        return try file.signature(
          of: statement.signedBytes(genesis.chain), by: try Self.key(Self.validators.lowerBound + number, suite))
      }
      return Certificate(statement: statement, signers: signers, signatures: signatures)
    }
    let results = [result(3, block.digest, next: 1), result(9, Digest(9, 9, 9, 9), next: 2)]
    let closings = try results.enumerated().map { epoch, result in
      Closing(
        result: result, certificate: try finalize(result, epoch: epoch), configuration: configurations[epoch + 1])
    }
    for (epoch, closing) in closings.enumerated() {
      file.add("closing.\(epoch)", encoded { closing.encode(into: &$0) })
    }
    // The block, with its height changed, and a result of epoch 2.
    let header = BlockHeader(
      height: Height(12), parent: block.header.parent, parentResult: block.header.parentResult,
      timestamp: block.header.timestamp, transactionCount: 1, transactionRoot: block.header.transactionRoot)
    var last = result(12, header.digest(genesis.chain, hash: &hash), next: 2)
    last.outcomeRoot = execution.result.outcomeRoot
    var receipt = Receipt(
      block: block, index: 0, outcomes: execution.outcomes, result: last, descendants: [],
      certificate: try finalize(last, epoch: 2), closings: Closings(closings), hash: &hash)
    receipt.header = header
    #expect(try receipt.verify(genesis: genesis).round == Round(epoch: Epoch(2), view: View(5)))
    file.add("receipt.after", receipt.bytes(genesis.chain))
  }

  // MARK: The state after block 3

  private func recordState(_ finalization: Certificate) throws {
    let invoices = TestChain.collection("invoices/2031")
    let present: [StateKey] = [
      .parameters, .member(TestChain.name("bank-a")), .member(TestChain.name("bank-c")),
      .account(TestChain.account("bank-a/main")), .account(TestChain.account("bank-b/customers/17")),
      .asset(TestChain.name("eur")), .balance(TestChain.account("bank-a/main"), asset: TestChain.name("eur")),
      .collection(invoices), .record(invoices, key: "INV 17/b"),
      .remembered(Height(1), group: 0), .configuration, .node(TestChain.name("node4")),
    ]
    for (index, key) in present.enumerated() {
      let found = state.entry(key)
      let entry = try #require(found)
      let name = "entry.\(index + 1)"
      file.add("\(name).key", encoded { key.encode(into: &$0) })
      file.add("\(name).value", encoded { entry.encodeValue(into: &$0) })
      file.add("\(name).leaf-key", key.digest(hash: &hash))
      file.add("\(name).value-digest", entry.valueDigest(hash: &hash))
    }
    let absent: [StateKey] = [.account(TestChain.account("bank-a/other")), .asset(TestChain.name("usd"))]
    for (index, key) in (present + absent).enumerated() {
      let proof = state.prove(key)
      file.add("state-proof.\(index + 1)", encoded { proof.encode(into: &$0) })
    }
    let last = try #require(blocks.last)
    let certified = CertifiedBlock(
      header: last.block.header, result: last.execution.result, descendants: [], certificate: finalization)
    for (index, key) in (present + absent).enumerated() {
      file.add("proof.\(index + 1)", EntryProof(state: state.prove(key), block: certified).bytes(genesis.chain))
    }
    try recordEarlierProof(number: present.count + absent.count + 1, finalization)
    state.settle(upTo: last.block.height)
    state.pin()
    let snapshot = try MadeSnapshot(state.copyAll(rows: 100), proof: certified, suite: suite)
    try snapshot.manifest.verify(genesis.chain, validators: genesis.validatorSet)
    file.add("snapshot.manifest", snapshot.manifest.encoded(genesis.chain))
    for (index, chunk) in snapshot.chunks.enumerated() { file.add("snapshot.chunk.\(index)", chunk) }
  }

  /// The proof of an account as it was after block 2, with the header of block 3, which is certified.
  private func recordEarlierProof(number: Int, _ finalization: Certificate) throws {
    state.revert()
    let block = CertifiedBlock(
      header: blocks[1].block.header, result: blocks[1].execution.result, descendants: [blocks[2].block.header],
      certificate: finalization)
    let state = self.state.prove(.account(TestChain.account("bank-b/customers/17")))
    file.add("proof.\(number)", EntryProof(state: state, block: block).bytes(genesis.chain))
    _ = try self.state.execute(blocks[2].block)
  }
}

/// The bytes that `encode` writes.
func encoded(_ encode: (inout Writer) -> Void) -> [UInt8] {
  var writer = Writer()
  encode(&writer)
  return writer.bytes
}
