import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Synchronization
import Testing

extension Processes {
  /// A load from one member that exceeds what a cluster can take.
  @Testing.Suite(.serialized)
  struct SaturationTests {
    private static let poolLimit = 64
    private static let share = 16

    /// Sends without pausing or waiting, and records the nodes' answers.
    private final class Flood: Sendable {
      struct Said {
        var accepted: Set<Digest> = []
        var putOff: [String: Int] = [:]
        var unexpected: [String] = []
        var withoutTime = 0
      }

      private let said = Mutex(Said())
      private let isOver = Atomic<Bool>(false)

      var result: Said { said.withLock { $0 } }

      func end() { isOver.store(true, ordering: .relaxed) }

      func run(_ number: Int, _ cluster: TestCluster, _ builder: TransactionBuilder, _ signer: Signer) async throws {
        var configuration = ClientConfiguration()
        configuration.retries.attempts = 1
        let client = try LedgerClient(nodes: [try NodeAddress.parse(cluster.api(number))], configuration: configuration)
        var count = 0
        while !isOver.load(ordering: .relaxed) {
          var chunk: [[UInt8]] = []
          for _ in 0..<100 {
            count += 1
            let account = try #require(AccountName("registry/flood/n\(number).\(count)"))
            chunk.append(
              try builder.transaction([.accountOpen(account: account, description: "")], signers: [signer]).bytes)
          }
          for result in try await client.submit(many: chunk) { note(result) }
        }
        await client.shutdown()
      }

      private func note(_ result: SubmitResult) {
        said.withLock { said in
          // A node that answers late may report the transaction as final immediately.
          if result.status == .accepted || result.outcome?.applied == true, let id = result.id {
            said.accepted.insert(id)
          } else if let error = result.error, ["pool.full", "pool.member-share-used", "node.busy"].contains(error.code)
          {
            said.putOff[error.code, default: 0] += 1
            if error.retryAfterMilliseconds ?? 0 == 0 { said.withoutTime += 1 }
          } else {
            said.unexpected.append("\(result)")
          }
        }
      }
    }

    @Test(
      "N3: a client that sends too much is deferred with a time to retry; others are served, and no promise is lost")
    func fairness() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try cluster.set(["transactions: 100000": "transactions: \(Self.poolLimit)"])
        try await cluster.up()
        let builder = TransactionBuilder(genesis: try cluster.genesis())
        let registry = try cluster.signer("registry")
        let bank = try cluster.signer("bank-a")
        let client = try cluster.client()
        let member = Ledger.Operation.memberAdd(
          name: bank.member, description: "",
          authority: MemberAuthority(roles: .participant, keys: [bank.key.publicKey], threshold: 1))
        let added = try await client.submit(
          try builder.transaction([member], signers: [registry]), wait: .seconds(30))
        try #require(added.outcome?.applied == true)

        let flood = Flood()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 1...4 { group.addTask { try await flood.run(number, cluster, builder, registry) } }
          defer { flood.end() }
          try await cluster.waitUntil("the flood is put off") { !flood.result.putOff.isEmpty }
          for number in 1...8 {
            let account = try #require(AccountName("bank-a/served/\(number)"))
            let transaction = try builder.transaction(
              [.accountOpen(account: account, description: "")], signers: [bank])
            let result = try await client.submit(transaction, wait: .seconds(30))
            #expect(result.outcome?.applied == true, "bank-a is kept out: \(result)")
            let height = try #require(result.height)
            for node in 1...4 {
              let one = try cluster.client(node)
              // The mempool of a lagging node still holds transactions that are final at the node that answered.
              var status = try await one.status()
              while status.height < height {
                try await Task.sleep(for: .milliseconds(10))
                status = try await one.status()
              }
              let count = status.mempool.transactions
              #expect(count <= Self.share + 1, "node\(node) holds \(count) of two members")
              await one.shutdown()
            }
          }
          flood.end()
          try await group.waitForAll()
        }
        let said = flood.result
        #expect(said.unexpected.isEmpty, "\(said.unexpected.prefix(3))")
        #expect(said.withoutTime == 0)
        #expect(said.accepted.count > Self.share && said.putOff["pool.member-share-used", default: 0] > 0)
        for id in said.accepted {
          _ = try await client.waitForFinality(id, timeout: .seconds(60))
        }
        await client.shutdown()
        try await cluster.waitUntilLevel()
        let counts = try await cluster.occurrences(askedOf: 1)
        #expect(said.accepted.allSatisfy { counts[$0] == 1 })
      }
    }
  }
}
