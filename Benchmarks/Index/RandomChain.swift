import Cryptography
import Ledger
import Primitives
import QueryIndex

/// Blocks of transfers between random accounts. Nothing in them is executed or signed, since an index needs neither.
struct RandomChain: ~Copyable {
  let context = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))
  private let operations: Int
  private let accounts: [AccountName]
  private let asset = Self.name("eur")
  private let member = Self.name("member")
  private var generator = SeededGenerator(seed: 7)
  private var hash = HashFunction(.p256SHA256)
  private var nonce: UInt64 = 0
  private var tip: Block?
  private var known: [(id: Digest, place: IndexedPlace)] = []

  init(accounts: Int, operations: Int) {
    self.operations = operations
    self.accounts = (0..<accounts).map { number in
      guard let name = AccountName("member/customers/\(number)") else { preconditionFailure("no name: \(number)") }
      return name
    }
  }

  private static func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("no name: \(text)") }
    return name
  }

  /// The next block.
  mutating func next(_ count: Int) -> IndexedBlock {
    let transactions = (0..<count).map { _ in transaction() }
    let height = (tip?.height ?? .genesis).next ?? .genesis
    let block = Block.assemble(
      height: height, parent: tip?.digest ?? Digest(9, 9, 9, 9), parentResult: .zero,
      timestamp: Timestamp(1_899_999_999_000), transactions: transactions, chain: context, hash: &hash)
    tip = block
    // One in a hundred is enough to draw from.
    for index in stride(from: 0, to: block.count, by: 100) {
      known.append((block.transaction(at: index).id, IndexedPlace(height: height, index: index)))
    }
    return IndexedBlock(block: block, outcomes: Array(repeating: .applied, count: block.count))
  }

  private mutating func transaction() -> SignedTransaction {
    nonce += 1
    let transfers = (0..<operations).map { _ in
      let from = drawIndex()
      let to = (from + 1 + Int.random(in: 0..<accounts.count - 1, using: &generator)) % accounts.count
      return Operation.assetTransfer(asset: asset, from: accounts[from], to: accounts[to], amount: Amount(1))
    }
    do {
      var draft = try TransactionDraft(
        operations: transfers, validUntil: Timestamp(1_900_000_000_000), nonce: nonce, chain: context, hash: &hash)
      let half = Digest(nonce, 0, 0, 1)
      draft.add(
        TransactionSignature(
          member: member, key: PublicKey(prefix: 2, body: half), signature: Signature(first: half, second: half)))
      return try draft.assemble(hash: &hash)
    } catch {
      preconditionFailure("transaction \(nonce): \(error)")
    }
  }

  mutating func drawAccount() -> AccountName { accounts[drawIndex()] }

  private mutating func drawIndex() -> Int { Int.random(in: 0..<accounts.count, using: &generator) }

  mutating func drawTransaction() -> (id: Digest, place: IndexedPlace) {
    known[Int.random(in: 0..<known.count, using: &generator)]
  }
}
