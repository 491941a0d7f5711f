import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension TestCluster {
  /// Makes a block of nearly 1 MiB. If it is not applied, it leaves nothing in the state except its id.
  func anchorMegabyte(_ round: Int, isApplied: Bool = true) async throws -> Digest {
    let collection = try #require(CollectionName("documents"))
    let author = try #require(Name("registry"))
    var operations = (0..<850).map { number in
      Ledger.Operation.recordAnchor(
        author: author, collection: collection, key: "\(round).\(number)", content: .zero,
        metadata: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1024))
    }
    if !isApplied {
      let account = try #require(AccountName("registry/twice"))
      operations += Array(repeating: .accountOpen(account: account, description: ""), count: 2)
    }
    let transaction = try TransactionBuilder(genesis: try genesis()).transaction(
      operations, signers: [try signer("registry")])
    let client = try client()
    _ = try await client.submit(transaction, wait: .seconds(20))
    await client.shutdown()
    return transaction.id
  }
}
