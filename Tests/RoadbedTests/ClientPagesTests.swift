import ClientSnippets
import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// The pages in Sources/LedgerClient/LedgerClient.docc, whose code runs here on real nodes, word for word.
  @Testing.Suite(.serialized)
  struct ClientPagesTests {
    private let eur: Name
    private let share: Name
    private let bankA: AccountName
    private let bankB: AccountName

    init() throws {
      eur = try #require(Name("eur"))
      share = try #require(Name("share"))
      bankA = try #require(AccountName("bank-a"))
      bankB = try #require(AccountName("bank-b"))
    }

    private func reference(_ text: String) throws -> HoldReference { try #require(HoldReference(text)) }
    private func euros(_ text: String) throws -> Amount { try #require(Amount(decimal: text, decimals: 2)) }

    private func key(_ member: String, _ cluster: TestCluster) throws -> Signer {
      try ClientSnippets.signer(
        try #require(Name(member)), keyFile: "\(cluster.directory)/keys/\(member).pem", passphrase: nil,
        suite: try cluster.genesis().suite)
    }

    private func apply(
      _ operations: [Ledger.Operation], by member: String, _ cluster: TestCluster, _ client: LedgerClient
    ) async throws {
      let transaction = try TransactionBuilder(genesis: try cluster.genesis()).transaction(
        operations, signers: [try key(member, cluster)])
      let result = try await submitUntilKnown(transaction, client: client)
      #expect(result.outcome?.code == "applied")
    }

    /// What an account has, as a text such as `12.50+3.00` with what is held.
    private func balance(_ account: AccountName, _ asset: Name, _ client: LedgerClient) async throws -> String {
      let view = try await client.account(account).balances.first { $0.asset == asset }
      return (view?.amount ?? "none") + (view?.held.map { "+\($0)" } ?? "")
    }

    /// Calls `body` with a chain on which bank-a has 1,000 euros and bank-b 100 shares.
    private func withBanks(nodes: Int, _ body: (TestCluster, LedgerClient) async throws -> Void) async throws {
      try await TestCluster.with(nodes: nodes) { cluster in
        try await Roadbed.succeed(
          "tx", "submit", "\(Roadbed.root)/Config/story/1-admit-members.json", "--dir", cluster.directory, "--key",
          "registry", "--wait")
        let mint = try #require(Name("mint"))
        try await withClient(ofNodes: (1...nodes).map(cluster.api), genesis: try cluster.genesis()) { client in
          try await apply(
            [
              .assetDefine(asset: eur, issuer: mint, decimals: 2, description: ""),
              .assetDefine(asset: share, issuer: mint, decimals: 0, description: ""),
              .assetIssue(asset: eur, to: bankA, amount: Amount(100_000)),
              .assetIssue(asset: share, to: bankB, amount: Amount(100)),
            ], by: "mint", cluster, client)
          try await body(cluster, client)
        }
      }
    }

    @Test("The code on the pages does on real nodes what they say: paying, holds, signing together, statements")
    func pages() async throws {
      try await withBanks(nodes: 4) { cluster, client in
        try await payment(cluster, client)
        try await cluster.waitUntilLevel()
        let opening = try await balanceProof(of: bankA, eur, client: client)
        let proved = try provedBalance(opening, of: bankA, eur, genesis: try cluster.genesis())
        #expect(proved.amount == Amount(74_950))
        #expect(throws: ClientError.self) {
          try provedBalance(opening, of: bankB, eur, genesis: try cluster.genesis())
        }
        try await delivery(cluster, client)
        try await exchange(cluster, client)
        try await release(cluster, client)
        try await cluster.waitUntilLevel()
        let lines = try await statement(of: bankA, eur, since: opening, genesis: try cluster.genesis(), client: client)
        #expect(
          lines.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
            "hold.place -100.00 649.50", "hold.capture 0.00 649.50", "hold.place -50.00 599.50",
            "hold.capture 0.00 599.50", "hold.place -30.00 569.50", "hold.release 30.00 599.50", "closing 599.50",
          ])
      }
    }

    /// The page GettingStarted.
    private func payment(_ cluster: TestCluster, _ client: LedgerClient) async throws {
      let genesis = try cluster.genesis()
      var other = genesis
      other.chainName = try #require(Name("other"))
      await #expect(throws: OtherChain.self) {
        try await withClient(ofNodes: [cluster.api(1)], genesis: other) { _ in }
      }
      let payer = try key("bank-a", cluster)
      let receipt = try await pay(
        try euros("250.50"), of: eur, from: bankA, to: bankB, as: payer, genesis: genesis, client: client)
      #expect(
        try appliedOperations(in: receipt, genesis: genesis)
          == [.assetTransfer(asset: eur, from: bankA, to: bankB, amount: Amount(25_050))])
      #expect(throws: ClientError.self) { try appliedOperations(in: receipt, genesis: other) }
      let refused = await #expect(throws: NotApplied.self) {
        try await pay(
          try euros("5000"), of: eur, from: bankA, to: bankB, as: payer, genesis: genesis, client: client)
      }
      #expect(refused?.outcome?.code == "asset.insufficient-funds")
      #expect(try await balance(bankA, eur, client) == "749.50")
    }

    /// Places a hold as the page Holds does, and returns it as the payee finds it.
    private func held(
      _ text: String, _ amount: Amount, _ asset: Name, from payer: AccountName, to payee: AccountName,
      _ cluster: TestCluster, _ client: LedgerClient
    ) async throws -> HoldView {
      try await placeHold(
        try reference(text), of: amount, asset, from: payer, to: payee, as: try key("\(payer.owner)", cluster),
        genesis: try cluster.genesis(), client: client)
      let hold = try #require(try await openHold(try reference(text), of: payer, client: client))
      #expect(hold.units == amount && hold.asset == asset && hold.to == payee)
      return hold
    }

    private func delivery(_ cluster: TestCluster, _ client: LedgerClient) async throws {
      let hold = try await held("order-17", try euros("100"), eur, from: bankA, to: bankB, cluster, client)
      #expect(try await balance(bankA, eur, client) == "649.50+100.00")
      // The seller cannot deliver more than it has, and then gets nothing either.
      let builder = TransactionBuilder(genesis: try cluster.genesis())
      let tooMuch = try builder.transaction(
        ClientSnippets.delivery(of: Amount(101), share, from: bankB, for: hold),
        signers: [try key("bank-b", cluster)])
      #expect(try await submitUntilKnown(tooMuch, client: client).outcome?.code == "asset.insufficient-funds")
      #expect(try await openHold(hold.reference, of: bankA, client: client) == hold)
      try await apply(
        ClientSnippets.delivery(of: Amount(10), share, from: bankB, for: hold), by: "bank-b", cluster, client)
      #expect(try await openHold(hold.reference, of: bankA, client: client) == nil)
      #expect(try await balance(bankA, share, client) == "10")
      #expect(try await balance(bankB, eur, client) == "350.50")
    }

    /// The exchange of the page Holds, signed as on the page Cosigning.
    private func exchange(_ cluster: TestCluster, _ client: LedgerClient) async throws {
      let genesis = try cluster.genesis()
      let holds = [
        try await held("order-18", try euros("50"), eur, from: bankA, to: bankB, cluster, client),
        try await held("order-18", Amount(5), share, from: bankB, to: bankA, cluster, client),
      ]
      let agreed = ClientSnippets.exchange(holds)
      let (one, two) = (try key("bank-a", cluster), try key("bank-b", cluster))
      let half = try await firstSignature(of: agreed, by: one, genesis: genesis, client: client)
      let draft = try await client.draft(in: half, document: "half.json", chain: genesis.chain)
      #expect(try await missingSigners(of: draft, client: client) == [bankB.owner])
      await #expect(throws: NotAgreed.self) {
        try await nextSignature(on: half, by: two, genesis: genesis, client: client) { _ in false }
      }
      let early = try await clientCode { try await submitSigned(half, genesis: genesis, client: client) }
      #expect(early == "admission.missing-authority")
      let whole = try await nextSignature(on: half, by: two, genesis: genesis, client: client) { $0 == agreed }
      let result = try await submitSigned(whole, genesis: genesis, client: client)
      #expect(result.id == draft.id && result.outcome?.applied == true)
      #expect(try await balance(bankA, share, client) == "15")
      #expect(try await balance(bankB, eur, client) == "400.50")
      #expect(try await client.holds().items.isEmpty)
    }

    private func release(_ cluster: TestCluster, _ client: LedgerClient) async throws {
      let hold = try await held("order-19", try euros("30"), eur, from: bankA, to: bankB, cluster, client)
      try await apply([ClientSnippets.release(hold)], by: "bank-b", cluster, client)
      #expect(try await balance(bankA, eur, client) == "599.50")
    }

    private func clientCode<Value>(_ body: () async throws -> Value) async throws -> String? {
      do {
        _ = try await body()
        return nil
      } catch let error as ClientError {
        return error.code
      }
    }

    @Test("The code on the page about keys pays with a key in a token and with one in a signer process")
    func keys() async throws {
      try await withBanks(nodes: 1) { cluster, client in
        let genesis = try cluster.genesis()
        let (environment, uri) = try TokenKeyTests.makeToken(cluster.folder)
        let made = try await Roadbed.run(
          ["keys", "new", "bank-t", "--pkcs11", uri, "--passphrase-env", "PIN", "--json"], environment: environment)
        #expect(made.status == 0, "\(made.error)")
        // SoftHSM reads this when it is opened, in this process too.
        setenv("SOFTHSM2_CONF", try #require(environment["SOFTHSM2_CONF"]), 1)
        let member = try #require(Name("bank-t"))
        let named = uri.replacingOccurrences(of: "?", with: ";object=bank-t?")
        let token = try ClientSnippets.signer(
          member, tokenKey: named, pin: Array("1234".utf8), suite: genesis.suite)
        let authority = MemberAuthority(roles: .participant, keys: [token.key.publicKey], threshold: 1)
        try await apply(
          [.memberAdd(name: member, description: "", authority: authority)], by: "registry", cluster, client)

        let socket = cluster.folder.path("bank-a.sock")
        let process = try await SignerRun.start(
          cluster, 1,
          [
            "--role", "member", "--genesis", cluster.genesisFile, "--key", "\(cluster.directory)/keys/bank-a.pem",
            "--dir", cluster.folder.path("member"), "--socket", socket, "--json",
          ])
        defer { process.kill() }
        let remote = try ClientSnippets.signer(bankA.owner, socket: socket, suite: genesis.suite)
        let account = AccountName(member)
        _ = try await pay(
          try euros("20"), of: eur, from: bankA, to: account, as: remote, genesis: genesis, client: client)
        let receipt = try await pay(
          try euros("7.25"), of: eur, from: account, to: bankB, as: token, genesis: genesis, client: client)
        let verified = try ReceiptFile.verify(receipt, document: "receipt.json", genesis: genesis)
        #expect(verified.transaction.signatures.map(\.key) == [token.key.publicKey])
        #expect(try await balance(account, eur, client) == "12.75")
        #expect(process.log.contains("asset.transfer 2000 units of eur"), "\(process.log)")
      }
    }
  }
}
