import Cryptography
import Ledger
import LedgerClient
import Primitives

/// Generates the transactions of the load: issues, retirements, transfers and anchors, some of which fail for lack of
/// funds.
struct Work: Sendable {
  static let firstIssue: UInt128 = 1_000_000

  private(set) var builder: TransactionBuilder
  let registry: Signer
  let mint: Signer
  let notary: Signer
  let banks: [Signer]
  let asset: Name
  private let collection: CollectionName

  init(_ files: ClusterFiles) throws {
    guard let asset = Name("eur"), let collection = CollectionName("chaos/documents") else {
      throw ChaosError.setUp("the names used by the load are not valid")
    }
    builder = TransactionBuilder(genesis: files.genesis)
    // Ids are remembered for this long; it is short so that the state does not grow during a long run.
    builder.validity = .seconds(120)
    registry = try files.signer("registry")
    mint = try files.signer("mint")
    notary = try files.signer("notary")
    banks = [try files.signer("bank-a"), try files.signer("bank-b")]
    self.asset = asset
    self.collection = collection
  }

  /// The transactions that create the members and the asset and issue the first money. Each must be final before the
  /// next.
  func opening() throws -> [(SignedTransaction, Sent.Effect)] {
    func add(_ signer: Signer, _ roles: Roles) -> Ledger.Operation {
      .memberAdd(
        name: signer.member, description: "",
        authority: MemberAuthority(roles: roles, keys: [signer.key.publicKey], threshold: 1))
    }
    let members = [add(mint, .issuer), add(notary, .notary)] + banks.map { add($0, .participant) }
    var steps: [(SignedTransaction, Sent.Effect)] = [
      (try builder.transaction(members, signers: [registry]), .none),
      (
        try builder.transaction(
          [.assetDefine(asset: asset, issuer: mint.member, decimals: 2, description: "")], signers: [mint]), .none
      ),
    ]
    for bank in banks { steps.append(try issue(to: bank, Work.firstIssue)) }
    return steps
  }

  private func issue(to bank: Signer, _ amount: UInt128) throws -> (SignedTransaction, Sent.Effect) {
    let operation = Ledger.Operation.assetIssue(asset: asset, to: AccountName(bank.member), amount: Amount(amount))
    return (try builder.transaction([operation], signers: [mint]), .issue(to: bank.member, amount))
  }

  func next(using random: inout SeededGenerator) throws -> (SignedTransaction, Sent.Effect) {
    let one = Int.random(in: 0..<banks.count, using: &random)
    let from = banks[one]
    let to = banks[(one + 1) % banks.count]
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<55:
      // Occasionally more than the account holds.
      let limit: UInt128 = Int.random(in: 0..<20, using: &random) == 0 ? 1 << 60 : 5000
      let amount = UInt128.random(in: 1...limit, using: &random)
      let operation = Ledger.Operation.assetTransfer(
        asset: asset, from: AccountName(from.member), to: AccountName(to.member), amount: Amount(amount))
      return (
        try builder.transaction([operation], signers: [from]),
        .transfer(from: from.member, to: to.member, amount)
      )
    case 55..<70:
      return try issue(to: to, UInt128.random(in: 1...10_000, using: &random))
    case 70..<95:
      let amount = UInt128.random(in: 1...5000, using: &random)
      let operation = Ledger.Operation.assetRetire(
        asset: asset, from: AccountName(from.member), amount: Amount(amount))
      return (
        try builder.transaction([operation], signers: [from, mint]),
        .retire(from: from.member, amount)
      )
    default:
      return (try builder.transaction([anchor(bytes: 40, using: &random)], signers: [notary]), .none)
    }
  }

  /// A transaction that only fills disks: its anchors follow a transfer that lacks funds, so they do not add to the
  /// state.
  func filler(anchors: Int, bytes: Int, using random: inout SeededGenerator) throws -> SignedTransaction {
    var operations: [Ledger.Operation] = [
      .assetTransfer(
        asset: asset, from: AccountName(banks[0].member), to: AccountName(banks[1].member), amount: Amount(1 << 100))
    ]
    for _ in 0..<anchors { operations.append(anchor(bytes: bytes, using: &random)) }
    return try builder.transaction(operations, signers: [banks[0], notary])
  }

  private func anchor(bytes: Int, using random: inout SeededGenerator) -> Ledger.Operation {
    let content = Digest(random.next(), random.next(), random.next(), random.next())
    return .recordAnchor(
      author: notary.member, collection: collection, key: "document-\(random.next() % 1000)", content: content,
      metadata: [UInt8](repeating: UInt8(ascii: "x"), count: bytes))
  }
}
