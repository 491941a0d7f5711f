import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// The members, the asset and the accounts that the load uses, with their keys in the cluster's directory. Later runs
/// reuse them.
///
/// Account number k is `NAME/k`, where NAME is the member at index k modulo the number of members.
struct BenchLedger: Sendable {
  static let memberCount = 4
  static let issued: UInt128 = 1 << 60

  let builder: TransactionBuilder
  let suite: Primitives.Suite
  let members: [Signer]
  let asset: Name
  private let administrator: Signer

  init(_ cluster: Cluster) throws {
    let genesis = try GenesisFile.read(cluster.genesisFile)
    suite = genesis.suite
    var builder = TransactionBuilder(genesis: genesis)
    // A long run signs its transactions long before it sends the last of them.
    builder.validity = .seconds(7200)
    self.builder = builder
    guard let file = cluster.keyFile(of: "registry"), let registry = Name("registry") else {
      throw CommandError.noBenchKey(cluster.directory)
    }
    administrator = Signer(member: registry, key: try KeyFile.read(file, suite: suite))
    asset = try Self.name("bench")
    members = try (1...Self.memberCount).map { number in
      let name = try Self.name("bench-\(number)")
      let path = Paths.join(cluster.directory, "keys/\(name).pem")
      if !Paths.exists(path) { try KeyFile.write(try PrivateKey.generate(genesis.suite), to: path) }
      return Signer(member: name, key: try KeyFile.read(path, suite: genesis.suite))
    }
  }

  private static func name(_ text: String) throws -> Name {
    guard let name = Name(text) else { throw CommandError.benchRefused("\(text) is not a name") }
    return name
  }

  func account(_ number: Int) throws -> AccountName {
    guard let name = AccountName("\(members[number % members.count].member)/\(number)") else {
      throw CommandError.benchRefused("account \(number) has no name")
    }
    return name
  }

  // MARK: On the chain

  /// Accounts that one transaction opens, and the number of such transactions in flight at a time.
  private static let openedAtOnce = 4000
  private static let openingsAtOnce = 8

  /// Creates the members, the asset and the accounts that are missing, and waits until they are final.
  func prepare(accounts: Int, _ client: LedgerClient, say: (String) -> Void) async throws {
    if try await isMissing({ _ = try await client.asset(asset) }) {
      say("creating \(members.count) members and an asset")
      let authorities = members.map {
        Ledger.Operation.memberAdd(
          name: $0.member, description: "made by roadbed bench",
          authority: MemberAuthority(roles: [.issuer, .participant], keys: [$0.key.publicKey], threshold: 1))
      }
      try await settle([try builder.transaction(authorities, signers: [administrator])], client)
      let asset = Ledger.Operation.assetDefine(
        asset: asset, issuer: members[0].member, decimals: 2, description: "made by roadbed bench")
      try await settle([try builder.transaction([asset], signers: [members[0]])], client)
    }
    var next = try await firstMissing(below: accounts, client)
    let first = next
    while next < accounts {
      var openings: [SignedTransaction] = []
      while next < accounts, openings.count < Self.openingsAtOnce {
        let end = min(accounts, next + Self.openedAtOnce)
        openings.append(try opening(next..<end))
        next = end
      }
      try await settle(openings, client)
      say("\(next - first) of \(accounts - first) accounts opened")
    }
  }

  private func opening(_ numbers: Range<Int>) throws -> SignedTransaction {
    var operations: [Ledger.Operation] = []
    for number in numbers {
      let account = try account(number)
      operations.append(.accountOpen(account: account, description: ""))
      operations.append(.assetIssue(asset: asset, to: account, amount: Amount(Self.issued)))
    }
    return try builder.transaction(operations, signers: members)
  }

  /// Finds the first missing account by binary search, since accounts are created in the order of their numbers.
  private func firstMissing(below end: Int, _ client: LedgerClient) async throws -> Int {
    var low = 0
    var high = end
    while low < high {
      let middle = (low + high) / 2
      let name = try account(middle)
      if try await isMissing({ _ = try await client.account(name) }) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func isMissing(_ look: () async throws -> Void) async throws -> Bool {
    do {
      try await look()
      return false
    } catch let error as ClientError where error.isNotFound {
      return true
    }
  }

  private func settle(_ transactions: [SignedTransaction], _ client: LedgerClient) async throws {
    let results = try await client.submit(many: transactions.map(\.bytes), wait: .seconds(60))
    for (transaction, result) in zip(transactions, results) {
      if let error = result.error { throw CommandError.benchRefused("\(error.code): \(error.message)") }
      let outcome =
        result.status == .finalized
        ? result.outcome : try await client.waitForFinality(transaction.id, timeout: .seconds(120)).outcome
      guard outcome?.applied == true else {
        throw CommandError.benchRefused(outcome.map { "\($0)" } ?? "\(transaction.id) is not final")
      }
    }
  }
}

extension CommandError {
  static func noBenchKey(_ directory: String) -> CommandError {
    CommandError(
      code: "bench.no-key", explanation: "\(directory) has no key for the member registry, which admits members",
      nextStep: "use a cluster made by 'roadbed cluster new'")
  }

  static func benchRefused(_ reason: String) -> CommandError {
    CommandError(
      code: "bench.refused", explanation: "the chain refused what the load needs: \(reason)",
      nextStep: "check 'roadbed cluster status'; use a cluster made for measuring")
  }
}
