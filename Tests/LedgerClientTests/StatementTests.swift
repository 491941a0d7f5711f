import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("A statement from a node")
struct StatementTests {
  private let account = Samples.account("bank-a/main")
  private let eur = Samples.name("eur")
  private let usd = Samples.name("usd")

  private func view(_ height: UInt64, _ available: AmountChange, of asset: Name? = nil) -> MovementView {
    MovementView(
      Movement(
        place: MovementPlace(height: Height(height), index: 0, number: 0), blockTime: Timestamp(height),
        transaction: .zero, kind: .transfer, asset: asset ?? eur, available: available), decimals: 2)
  }

  private func page(
    _ items: [MovementView], balances: [(Name, UInt128)]? = nil, next: String? = nil, height: UInt64 = 9
  ) throws -> FakeTransport.Reply {
    try .answer(
      MovementsPage(
        items: items, height: Height(height),
        balances: balances?.map { BalanceView(asset: $0.0, units: Amount($0.1), decimals: 2) }, next: next))
  }

  private func asset(_ name: Name) throws -> FakeTransport.Reply {
    try .answer(
      AssetView(name: name, issuer: Samples.name("mint"), description: "", decimals: 2, supply: Amount(1000)))
  }

  private func paths(_ transport: FakeTransport) -> [String] {
    transport.requests.map { String($0.url.dropFirst("http://a:1/v1/".count)) }
  }

  @Test("It takes all movements back to the opening, page by page, and leads from there to the closing amounts")
  func reconciles() async throws {
    let items = [view(4, .rise(Amount(50))), view(5, .fall(Amount(20))), view(8, .fall(Amount(10)))]
    let transport = FakeTransport([
      try page(Array(items[..<2]), balances: [(eur, 120)], next: "5-0-0"), try page([items[2]]), try asset(eur),
      try page([items[0]], next: "4-0-0"), try page([items[1]]),
    ])
    let client = try transport.client()
    let statement = try await client.statement(
      try StatementPeriod(account: account, after: Height(3), through: Height(6)))
    #expect(statement.openingAmounts[eur] == AccountAmounts(available: Amount(100)))
    #expect(statement.closingAmounts[eur] == AccountAmounts(available: Amount(130)))
    #expect(statement.closing == Height(6) && statement.count == 2 && statement.assets == [eur])
    var balances: [Amount] = []
    try await client.forEachMovement(of: statement) { balances.append($1.available) }
    #expect(balances == [Amount(150), Amount(130)])
    let path = "account-movements?account=bank-a%2Fmain&from=4"
    #expect(
      paths(transport) == [
        "\(path)&limit=100", "\(path)&to=9&after=5-0-0&limit=100", "assets/eur", "\(path)&to=6&limit=100",
        "\(path)&to=6&after=4-0-0&limit=100",
      ])
  }

  @Test("A node that leaves a movement out is found out by the beginning of the chain, with the amounts")
  func missingSinceGenesis() async throws {
    let transport = FakeTransport([try page([view(4, .rise(Amount(50)))], balances: [(eur, 120)])])
    let period = try StatementPeriod(account: account, after: .genesis, through: nil)
    let error = try await clientError { try await transport.client().statement(period) }
    #expect(error.code == "statement.does-not-reconcile")
    #expect(
      error.explanation.contains("70 units of eur available, but the chain begins with 0 units"), "\(error.explanation)"
    )
  }

  @Test("A node that says something else when it is asked again is found out, and so is a movement that cannot be")
  func twoAnswers() async throws {
    let items = [view(4, .rise(Amount(50))), view(5, .fall(Amount(20)))]
    func second(_ reply: FakeTransport.Reply) async throws -> ClientError {
      let transport = FakeTransport([try page(items, balances: [(eur, 120)]), try asset(eur), reply])
      let client = try transport.client()
      let statement = try await client.statement(try StatementPeriod(account: account, after: Height(3), through: nil))
      return try await clientError { try await client.forEachMovement(of: statement) { _, _ in } }
    }
    let less = try await second(page([items[0]]))
    #expect(less.code == "statement.does-not-reconcile")
    #expect(less.explanation.contains("140 units of eur available, but the node says that there were 120"))
    #expect(try await second(page(items.reversed())).code == "statement.out-of-order")
    #expect(try await second(page([view(4, .fall(Amount(101)))])).code == "statement.impossible")
    #expect(try await second(page([items[0], view(10, .fall(Amount(20)))])).code == "statement.out-of-order")
  }

  @Test("Only one asset is counted, if only one is asked for")
  func oneAsset() async throws {
    let items = [view(4, .rise(Amount(50))), view(5, .rise(Amount(7)), of: usd)]
    let transport = FakeTransport([try page(items, balances: [(eur, 50), (usd, 9)]), try asset(eur), try page(items)])
    let client = try transport.client()
    let statement = try await client.statement(
      try StatementPeriod(account: account, after: Height(3), through: nil, asset: eur))
    #expect(statement.assets == [eur] && statement.count == 1)
    try await client.forEachMovement(of: statement) { movement, _ in #expect(movement.asset == eur) }
  }

  @Test("A period that ends before it begins, or with a block that the node does not have, is refused")
  func periods() async throws {
    #expect(throws: ClientError.statement(.reversed(opening: Height(5), closing: Height(4)))) {
      try StatementPeriod(account: account, after: Height(5), through: Height(4))
    }
    let transport = FakeTransport(try (0..<10).map { _ in try page([], balances: []) })
    let period = try StatementPeriod(account: account, after: Height(5), through: Height(10))
    let error = try await clientError { try await transport.client().statement(period) }
    #expect(error == .statement(.notReached(closing: Height(10), height: Height(9))))
  }
}
