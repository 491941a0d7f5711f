import Cryptography
import Ledger
import Primitives
import TestHarness

/// A chain whose records all have keys that a client searched for: their digests in the state's map begin alike.
final class GroundChain {
  static let genesis = Genesis(
    chainName: Samples.name("test"), suite: .p256SHA256, timestamp: Timestamp(1_000_000),
    leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
    members: [
      GenesisMember(
        name: Samples.name("author"), description: "",
        authority: MemberAuthority(roles: [.administrator, .notary], keys: [key], threshold: 1))
    ],
    validators: [
      GenesisValidator(
        name: Samples.name("node1"), member: Samples.name("author"), voteKey: key, transportKey: .zero,
        address: "node1.example:7001")
    ])
  private static let key = PublicKey(prefix: 2, body: Digest(1, 2, 3, 4))
  private static let collection = Samples.collection(String(repeating: "c", count: Limits.recordCollectionBytes))
  private static let metadata = [UInt8](repeating: 7, count: Limits.recordMetadataBytes)

  private(set) var state = LedgerState(genesis: GroundChain.genesis)
  private var hash = HashFunction(.p256SHA256)
  private var nonce: UInt64 = 0
  private var tried = 0
  private(set) var proof: CertifiedBlock?

  /// A state with this many records of the greatest size, whose keys' digests have `bits` leading zero bits.
  init(records: Int, bits: Int) throws {
    // A transaction has a million bytes, and a block four million.
    var left = records
    while left > 0 {
      var transactions: [SignedTransaction] = []
      for _ in 0..<3 where left > 0 {
        let count = min(left, 700)
        transactions.append(try transaction(count, bits: bits))
        left -= count
      }
      try execute(transactions)
    }
    state.settle(upTo: state.tip.height)
  }

  private func transaction(_ count: Int, bits: Int) throws -> SignedTransaction {
    let operations = (0..<count).map { _ in
      Operation.recordAnchor(
        author: Samples.name("author"), collection: Self.collection, key: nextKey(bits), content: Digest(1, 1, 1, 1),
        metadata: Self.metadata)
    }
    nonce += 1
    var draft = try TransactionDraft(
      operations: operations, validUntil: state.tip.timestamp.advanced(byMilliseconds: 60_000), nonce: nonce,
      chain: state.chain, hash: &hash)
    draft.add(
      TransactionSignature(
        member: Samples.name("author"), key: Self.key, signature: Signature(first: .zero, second: .zero)))
    return try draft.assemble(hash: &hash)
  }

  private func nextKey(_ bits: Int) -> String {
    while true {
      tried += 1
      let text = "\(tried)"
      let key = String(repeating: "k", count: Limits.recordKeyBytes - text.utf8.count) + text
      let digest = StateKey.record(Self.collection, key: key).digest(hash: &hash)
      if digest.firstDifferingBit(from: .zero) >= bits { return key }
    }
  }

  private func execute(_ transactions: [SignedTransaction]) throws {
    let block = Block.assemble(
      height: state.tip.height.next ?? .genesis, parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: 1000), transactions: transactions, chain: state.chain,
      hash: &hash)
    let execution = try state.execute(block)
    precondition(execution.outcomes.allSatisfy { $0 == .applied }, "the outcomes are \(execution.outcomes)")
    let proposal = Proposal(epoch: .first, view: View(block.height.rawValue), parent: .genesis, block: block.digest)
    // Nobody verifies signatures here.
    proof = CertifiedBlock(
      header: block.header, result: execution.result, descendants: [],
      certificate: Certificate(
        statement: .finalize(proposal, result: execution.result.digest(hash: &hash)), signers: [ValidatorIndex(0)],
        signatures: [Signature(first: .zero, second: .zero)]))
  }

  func copy(_ body: (StateEntryBatch) throws -> Void) rethrows {
    state.pin()
    var cursor = PinnedCursor()
    var isMore = true
    while isMore {
      var batch = StateEntryBatch()
      isMore = state.copyPinned(&cursor, rows: 4096, into: &batch)
      try body(batch)
    }
    state.unpin()
  }
}
