import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@Testing.Suite("Asking a node")
struct QueryTests {
  private func name(_ text: String) throws -> Name { try #require(Name(text)) }

  @Test("Names and keys in paths are escaped, so that any key can be asked for")
  func paths() async throws {
    let record = RecordView(
      collection: try #require(CollectionName("invoices/2031")), key: "INV 17/b ü?",
      latest: RecordVersionView(
        version: 1, author: try name("a"), contentDigest: .zero, metadata: [], time: Timestamp(0)),
      height: Height(3))
    let account = AccountView(
      account: try #require(AccountName("bank-a/main")), description: "", frozen: false, balances: [])
    let transport = FakeTransport([
      try .answer(record), try .answer(account), try .answer(Page<AssetView>(items: [], height: Height(3))),
      try .answer(Page<HistoryEntry>(items: [], height: Height(3))),
      try .answer(Page<BlockView>(items: [], height: Height(3))),
    ])
    let client = try transport.client(["http://a:1/ledger/"])
    #expect(try await client.record(record.collection, key: record.key, history: true) == record)
    #expect(try await client.account(account.account) == account)
    _ = try await client.assets(after: "eur", limit: 5)
    _ = try await client.history(of: account.account, before: "9-1")
    _ = try await client.blocks(from: Height(4))
    #expect(
      transport.requests.map { String($0.url.dropFirst("http://a:1/ledger/v1/".count)) } == [
        "records/invoices%2F2031/INV%2017%2Fb%20%C3%BC%3F?history=true", "accounts/bank-a/main",
        "assets?after=eur&limit=5", "account-history?account=bank-a%2Fmain&before=9-1", "blocks?from=4",
      ])
  }

  @Test("Holds are asked for by account, side, reference and expiry, a page at a time")
  func holds() async throws {
    let account = try #require(AccountName("bank-a/main"))
    let reference = try #require(HoldReference("INV 17/b ü"))
    let page = Page(
      items: [
        HoldView(
          Hold(
            from: account, reference: reference, to: try #require(AccountName("shop")), asset: try name("eur"),
            amount: Amount(1250), expires: Timestamp(1_900_003_600_000), arbiter: nil,
            placed: HoldNumber(height: Height(2), operation: 0)), decimals: 2)
      ], height: Height(3))
    let transport = FakeTransport(try (0..<5).map { _ in try .answer(page) })
    let client = try transport.client(["http://a:1"])
    #expect(try await client.holds() == page)
    _ = try await client.holds(.account(account), limit: 5)
    _ = try await client.holds(.from(account), expiresBefore: Timestamp(1_900_003_600_000))
    _ = try await client.holds(.to(account), after: "1-41-a/b")
    _ = try await client.holds(.reference(reference, from: account))
    #expect(
      transport.requests.map { String($0.url.dropFirst("http://a:1/v1/".count)) } == [
        "holds", "holds?account=bank-a%2Fmain&limit=5",
        "holds?from=bank-a%2Fmain&expiresBefore=2030-03-17T18%3A46%3A40.000Z",
        "holds?to=bank-a%2Fmain&after=1-41-a%2Fb", "holds?from=bank-a%2Fmain&reference=INV%2017%2Fb%20%C3%BC",
      ])
  }

  @Test("A transaction is tried with its bytes, whether it is signed or not")
  func preview() async throws {
    let chain = ChainContext(suite: .p256SHA256, genesis: .zero)
    let draft = try TransactionBuilder(chain: chain).draft([.memberRestore(name: try name("a"))])
    let text = """
      {"id":"\(draft.id)","validUntil":"2031-07-21T09:30:00.000Z","height":7,"time":"2031-07-21T09:29:00.000Z",
      "signatures":[],"required":[{"operations":[0],"signed":false,"parties":[{"signed":0,"threshold":2,"acts":false}]}],
      "outcome":{"code":"applied","applied":true,"explanation":""}}
      """
    let view = try AnswerCoding.decode(PreviewView.self, from: Data(text.utf8))
    let transport = FakeTransport([try .answer(view)])
    #expect(try await transport.client().preview(draft) == view)
    let request = try #require(transport.requests.first)
    #expect(request.method == .post && request.url == "http://a:1/v1/transactions/preview")
    #expect(request.contentType == MediaType.bytes)
    #expect(request.body == draft.bytes && request.body.last == 0)
  }

  @Test("An unhealthy node answers why, which is not an error")
  func health() async throws {
    let sick = HealthView(findings: [
      Finding(
        code: "node.stopped", severity: .critical, since: Timestamp(0), subject: Finding.Subject(.node),
        explanation: "m", nextStep: "n")
    ])
    let transport = FakeTransport([try .answer(sick, status: 503), try .answer(HealthView(findings: []))])
    let client = try transport.client()
    #expect(try await client.health() == sick)
    #expect(try await client.health().healthy)
    #expect(transport.pauses.isEmpty)
  }

  @Test("The amounts of a file are scaled by the decimals that the node knows")
  func operations() async throws {
    let eur = AssetView(name: try name("eur"), issuer: try name("a"), description: "", decimals: 2, supply: Amount(5))
    let text = #"[{"kind":"asset.issue","asset":"eur","to":"a","amount":"1.50"}]"#
    let document = try OperationsDocument(Array(text.utf8), document: "tx.json")
    var transport = FakeTransport([try .answer(eur)])
    #expect(
      try await transport.client().operations(of: document)
        == [.assetIssue(asset: try name("eur"), to: try #require(AccountName("a")), amount: Amount(150))])
    transport = FakeTransport([try .refusal(404, "asset.unknown")])
    let error = try await clientError { try await transport.client().operations(of: document) }
    #expect(error.code == "asset.unknown")
    #expect(error.explanation.hasPrefix("tx.json: [0].amount: the asset eur is unknown"))
  }
}
