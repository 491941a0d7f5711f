import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("Proofs from a node")
struct ProofTests {
  private let genesis: Genesis
  private let voters: [PrivateKey]

  init() throws {
    let keys = try (1...4).map { try Samples.privateKey($0) }
    voters = keys
    genesis = Genesis(
      chainName: Samples.name("made"), suite: .ed25519SHA256, timestamp: Timestamp(1_900_000_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
      members: [
        GenesisMember(
          name: Samples.name("bank-a"), description: "",
          authority: MemberAuthority(
            roles: .administrator, keys: [try Samples.privateKey(9).publicKey], threshold: 1))
      ],
      validators: keys.indices.map { place in
        GenesisValidator(
          name: Samples.name("node\(place + 1)"), member: Samples.name("bank-a"), voteKey: keys[place].publicKey,
          transportKey: Digest(0, 0, 0, UInt64(place)), address: "127.0.0.1:\(7001 + place)")
      })
  }

  /// The file of a proof about the state after an empty block 1, which is that of genesis.
  private func file(_ key: StateKey, signers: ClosedRange<Int> = 0...2) throws -> [UInt8] {
    var hash = HashFunction(genesis.suite)
    var state = LedgerState(genesis: genesis)
    let block = Block.assemble(
      height: Height(1), parent: state.tip.block, parentResult: state.tip.result,
      timestamp: state.tip.timestamp.advanced(byMilliseconds: 1), transactions: [], chain: genesis.chain, hash: &hash)
    let execution = try state.execute(block)
    let statement = Statement.finalize(
      Proposal(epoch: .first, view: View(4), parent: .genesis, block: block.digest), result: execution.resultDigest)
    let certificate = Certificate(
      statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
      signatures: try signers.map { try voters[$0].sign(statement.signedBytes(genesis.chain)) })
    let proof = EntryProof(
      state: state.prove(key),
      block: CertifiedBlock(
        header: block.header, result: execution.result, descendants: [], certificate: certificate))
    return ProofDocument.render(proof, chain: genesis.chain, hash: &hash)
  }

  private func answered(_ file: [UInt8]) -> FakeTransport {
    FakeTransport([.bytes(String(decoding: file, as: UTF8.self))])
  }

  @Test("A proof is verified before it is returned, and its absence is an answer")
  func verified() async throws {
    let member = StateKey.member(Samples.name("bank-a"))
    let proved = try await answered(try file(member)).client().proof(member, genesis: genesis)
    guard case .member(let entry) = proved.entry else {
      Issue.record("no member")
      return
    }
    #expect(entry.name == Samples.name("bank-a"))
    #expect(proved.height == Height(1))
    let absent = StateKey.asset(Samples.name("eur"))
    let nothing = try await answered(try file(absent)).client().proof(absent, genesis: genesis)
    #expect(nothing.key == absent)
    #expect(nothing.entry == nil)
  }

  @Test("E6: a proof of another entry, of another chain, or that too few signed, is not returned")
  func refused() async throws {
    let (asked, other) = (StateKey.asset(Samples.name("eur")), StateKey.asset(Samples.name("usd")))
    let client = try answered(try file(other)).client()
    #expect(try await clientError { try await client.proof(asked, genesis: genesis) }.code == "client.other-entry")
    let few = try answered(try file(asked, signers: 0...1)).client()
    #expect(try await clientError { try await few.proof(asked, genesis: genesis) }.code == "proof.not-certified")
    var otherGenesis = genesis
    otherGenesis.timestamp = Timestamp(7)
    let foreign = try answered(try file(asked)).client()
    let error = try await clientError { [otherGenesis] in try await foreign.proof(asked, genesis: otherGenesis) }
    #expect(error.code == "proof.malformed-header")
  }

  @Test("Every kind of entry has its path, in which names are escaped")
  func paths() async throws {
    let deeds = Samples.collection("deeds/2031")
    let (main, eur) = (Samples.account("bank-a/main"), Samples.name("eur"))
    let paths: [(StateKey, String)] = [
      (.parameters, "parameters"), (.member(Samples.name("bank-a")), "members/bank-a"),
      (.account(main), "accounts/bank-a/main"), (.asset(eur), "assets/eur"),
      (.assetTerms(eur), "asset-terms/eur"),
      (.balance(main, asset: eur), "balances/eur/bank-a/main"), (.collection(deeds), "collections/deeds%2F2031"),
      (.record(deeds, key: "INV 17/b ü"), "records/deeds%2F2031/INV%2017%2Fb%20%C3%BC"),
      (.configuration, "configuration"), (.node(Samples.name("node1")), "nodes/node1"),
      (.remembered(Height(7), group: 1), "remembered/7/1"), (.keyChange(Samples.name("node1")), "key-changes/node1"),
      (.hold(main, Samples.holdReference("INV 17/b ü")), "holds/INV%2017%2Fb%20%C3%BC/bank-a/main"),
    ]
    for (key, path) in paths {
      let transport = answered([])
      _ = try await transport.client().proofFile(key)
      #expect(transport.requests.map(\.url) == ["http://a:1/v1/proofs/\(path)"])
    }
  }

  /// The error of a statement from a node that says that the account has 30 units now, and shows these movements.
  private func statementError(_ movements: [AmountChange], _ period: StatementPeriod) async throws -> ClientError? {
    let views = movements.enumerated().map { number, change in
      MovementView(
        Movement(
          place: MovementPlace(height: Height(2), index: 0, number: number), blockTime: Timestamp(0),
          transaction: .zero,
          kind: .transfer, asset: Samples.name("eur"), available: change), decimals: 0)
    }
    let balance = BalanceView(asset: Samples.name("eur"), units: Amount(30), decimals: 0)
    let transport = FakeTransport([
      try .answer(MovementsPage(items: views, height: Height(2), balances: [balance])),
      try .answer(
        AssetView(
          name: Samples.name("eur"), issuer: Samples.name("bank-a"), description: "", decimals: 0, supply: Amount(30))),
    ])
    do {
      let statement = try await transport.client().statement(period)
      #expect(statement.openingAmounts.values.allSatisfy { $0 == .none })
      return nil
    } catch let error as ClientError {
      return error
    }
  }

  @Test("A statement that leaves a movement out is refused by the proof of a balance at either end, with both amounts")
  func statements() async throws {
    let (account, eur) = (Samples.account("bank-a"), Samples.name("eur"))
    // The account had nothing after block 1.
    let proof = try ProofFile.verify(try file(.balance(account, asset: eur)), document: "the proof", genesis: genesis)
    let opening = try StatementPeriod(account: account, opening: .genesis, closing: nil, [proof], [])
    #expect(opening.opening == Height(1) && opening.provedOpening == [eur: .zero])
    #expect(try await statementError([.rise(Amount(50)), .fall(Amount(20))], opening) == nil)
    let missing = try await statementError([.rise(Amount(20))], opening)
    let different = StatementError.different(
      account, asset: eur, .available, height: Height(1), counted: Amount(10), known: .zero, by: .proof)
    #expect(missing == .statement(different))
    for part in ["block 1", "10 units of eur", "the proof says 0 units"] {
      #expect(different.explanation.contains(part))
    }
    let closing = try StatementPeriod(account: account, opening: .genesis, closing: nil, [], [proof])
    #expect(closing.closing == Height(1))
    #expect(try await statementError([.rise(Amount(20))], closing) == .statement(different))

    let other = Samples.account("bank-b")
    #expect(throws: ClientError.statement(.otherProof(other, proof.key))) {
      try StatementPeriod(account: other, opening: .genesis, closing: nil, [proof], [])
    }
  }
}
