import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct ShortReceiptTests {
    @Test("A receipt is short on every node, even on one that was away when its block became final")
    func shortEverywhere() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        cluster.kill(4)
        let genesis = try cluster.genesis()
        let builder = TransactionBuilder(genesis: genesis)
        let signer = try cluster.signer("registry")
        let client = try cluster.client(1, 2, 3)
        var ids: [Digest] = []
        for number in 0..<30 {
          let account = try #require(AccountName("registry/r\(number)"))
          let transaction = try builder.transaction(
            [.accountOpen(account: account, description: "")], signers: [signer])
          let result = try await client.submit(transaction, wait: .seconds(20))
          try #require(result.status == .finalized)
          ids.append(transaction.id)
        }
        await client.shutdown()
        try await cluster.start(4)
        try await cluster.waitUntilLevel()
        for number in 1...4 {
          let client = try cluster.client(number)
          for id in [ids[0], ids[7], ids[14], ids[20], ids[29]] {
            let file = try await client.receiptFile(id)
            let verified = try ReceiptFile.verify(file, document: "receipt", genesis: genesis)
            #expect(verified.transaction.id == id)
            var hash = HashFunction(genesis.suite)
            let receipt = try ReceiptDocument.parse(file, document: "receipt", chain: genesis.chain, hash: &hash)
            #expect(receipt.descendants.count <= 4, "node\(number): \(receipt.descendants.count) headers")
          }
          await client.shutdown()
        }
      }
    }

    @Test("Without peers to ask, the longer receipt is given, and it verifies")
    func alone() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        cluster.kill(4)
        try await cluster.openAccounts(20)
        try await cluster.start(4)
        try await cluster.waitUntilLevel()
        let client = try cluster.client(4)
        let block = try await client.block(Height(2))
        for number in 1...3 { cluster.kill(number) }
        let id = try #require(block.transactions?.first)
        let receipt = try await client.receipt(id, genesis: try cluster.genesis())
        #expect(receipt.transaction.id == id)
        await client.shutdown()
      }
    }
  }
}
