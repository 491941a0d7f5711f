import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("The API's answers")
struct AnswerTests {
  /// Expects that `value` is written as the golden document and read back from it.
  private func check<Answer: Codable & Equatable>(_ name: String, _ value: Answer) throws {
    let bytes = try AnswerCoding.encode(value)
    let pretty = JSONWriter.pretty(try JSONParser.parse(Array(bytes), document: name))
    #expect(String(decoding: pretty, as: UTF8.self) == (try Samples.golden("answers/\(name).json", pretty)))
    #expect(try AnswerCoding.decode(Answer.self, from: bytes) == value)
    #expect(try AnswerCoding.encode(value) == bytes)
  }

  private func digest(_ number: UInt64) -> Digest { Digest(number, 0, 0, number) }

  @Test("A finalized and a pending transaction, and the answers to a submission")
  func transactions() throws {
    var hash = HashFunction(.ed25519SHA256)
    let signed = try Samples.draft(&hash).assemble(hash: &hash)
    let operations = Array(RenderedOperation.list(signed.operations, decimals: Samples.decimals)[10...11])
    let failed = OutcomeView(
      TransactionOutcome(code: .assetInsufficientFunds, operation: 1), of: operations)
    try check(
      "transaction-finalized",
      TransactionStatus(
        id: signed.id, status: .finalized, height: Height(7), index: 0, blockTime: Timestamp(1_900_000_000_123),
        outcome: failed, validUntil: signed.validUntil, nonce: signed.nonce, operations: operations,
        signatures: signed.signatures.map { SignatureView($0) }))
    try check(
      "transaction-pending",
      TransactionStatus(
        id: signed.id, status: .pending, validUntil: signed.validUntil, nonce: signed.nonce, operations: operations,
        signatures: []))
    try check(
      "submit-results",
      SubmitResults([
        SubmitResult(accepted: digest(1)),
        SubmitResult(finalized: digest(2), height: Height(7), outcome: OutcomeView(.applied)),
        SubmitResult(
          refused: nil, error: ErrorDetail(TransactionError.noOperations, retryAfterMilliseconds: nil)),
        SubmitResult(
          refused: digest(3),
          error: ErrorDetail(
            code: "mempool.full", message: "full", nextStep: "again later", retryAfterMilliseconds: 250)),
      ]))
    try check(
      "history",
      Page(
        items: [
          HistoryEntry(
            id: signed.id, height: Height(7), index: 0, blockTime: Timestamp(1_900_000_000_123), outcome: failed,
            operationCount: 14, operations: operations)
        ], height: Height(9), beginsAt: Height(3),
        next: HistoryCursor(height: Height(7), index: 0).description))
  }

  @Test("What a transaction would do: who must sign, whose signatures count, and the outcome")
  func preview() throws {
    var hash = HashFunction(.ed25519SHA256)
    var state = LedgerState(genesis: try Samples.genesis())
    let key = try Samples.privateKey(5)
    let node = Samples.name("node2")
    let proof = KeyProof(validator: node, key: key.publicKey, signature: try key.sign([]))
    var draft = try TransactionDraft(
      operations: [
        .accountOpen(account: Samples.account("bank-b/x"), description: ""),
        .accountOpen(account: Samples.account("nobody/x"), description: ""),
        .validatorUpdate(proof, configuration: state.tip.above.configuration),
      ], validUntil: Timestamp(1_900_000_600_000), nonce: 1, chain: state.chain, hash: &hash)
    try draft.sign(as: Samples.name("bank-a"), with: try Samples.privateKey(1))
    try draft.sign(as: Samples.name("bank-b"), with: try Samples.privateKey(3))
    try draft.sign(as: Samples.name("bank-b"), with: try Samples.privateKey(9))
    let preview = state.preview(draft, now: Timestamp(1_900_000_000_500))
    let checks = zip(draft.signatures, preview.signatureFaults).map { signature, fault in
      SignatureCheckView(signature, error: fault.map { ErrorDetail($0) })
    }
    try check(
      "preview",
      PreviewView(
        id: draft.id, validUntil: draft.validUntil, preview, signatures: checks,
        outcome: OutcomeView(preview.outcome, of: RenderedOperation.list(Array(draft.operations)) { _ in nil }),
        refusal: preview.fault.map { ErrorDetail($0) }))
  }

  @Test("An audit's report, with a fault and without")
  func audit() throws {
    var answer = AuditAnswer(height: Height(9), block: digest(1), stateRoot: digest(2))
    answer.transactions = 7
    answer.operations = 12
    answer.seconds = 0.5
    answer.transactionsPerSecond = 14
    answer.operationsPerSecond = 24
    try check("audit", answer)
    answer.firstFault = AuditAnswer.Fault(TransactionError.noOperations, record: LogPosition(17), height: Height(8))
    answer.beginsAt = Height(3)
    answer.writer = try Samples.privateKey(5).publicKey
    answer.unusableSnapshots = [ErrorDetail(code: "a", message: "b", nextStep: "c")]
    answer.openEnded = true
    answer.hashOnly = true
    try check("audit-fault", answer)
  }

  @Test("The end of a page of a history has one spelling, which is the only one accepted")
  func cursor() {
    let cursor = HistoryCursor(height: Height(7), index: 10)
    #expect(cursor.description == "7-10" && HistoryCursor("7-10") == cursor)
    for text in ["", "7", "7-", "-10", "7.10", "7-010", "07-10", "+7-10", "7-+10", "7--1", "7-10-", "7-10 ", "7-1e1"] {
      #expect(HistoryCursor(text) == nil, "\(text)")
    }
  }

  /// An open hold of 12.50 with an arbiter.
  private var hold: Hold {
    Hold(
      from: Samples.account("bank-a/main"), reference: Samples.holdReference("Zürich \"7\""),
      to: Samples.account("bank-b"), asset: Samples.name("eur"), amount: Amount(1250),
      expires: Timestamp(1_900_003_600_000), arbiter: Samples.name("bank-c"),
      placed: HoldNumber(height: Height(7), operation: 3))
  }

  @Test("Open holds, with an arbiter and without")
  func holds() throws {
    var other = hold
    other.arbiter = nil
    let items = [HoldView(hold, decimals: 2), HoldView(other, decimals: 0)]
    try check("holds", Page(items: items, height: Height(9), next: HoldCursor(items[0]).description))
  }

  @Test("The movements of an account, by a transaction and by the chain")
  func movements() throws {
    let transfer = Movement(
      place: MovementPlace(height: Height(7), index: 2, number: 1), blockTime: Timestamp(1_900_000_000_123),
      transaction: digest(1), kind: .transfer, asset: Samples.name("eur"), counterparty: Samples.account("bank-b"),
      memo: Array("rent".utf8), available: .fall(Amount(1250)))
    var bytes = transfer
    bytes.memo = [0, 255]
    let expiry = Movement(
      place: MovementPlace(height: Height(8), index: nil, number: 3), blockTime: Timestamp(1_900_000_001_123),
      transaction: nil, kind: .expiry, asset: Samples.name("eur"), counterparty: Samples.account("bank-b"),
      reference: Samples.holdReference("Zürich \"7\""), available: .rise(Amount(500)), held: .fall(Amount(500)))
    let all = [transfer, bytes, expiry]
    let views = all.map { MovementView($0, decimals: 2) }
    #expect(views.map(\.movement) == all)
    try check(
      "movements",
      MovementsPage(
        items: views, height: Height(9),
        balances: [BalanceView(asset: Samples.name("eur"), units: Amount(1250), decimals: 2)],
        next: MovementCursor(expiry.place).description))
  }

  @Test("An asset of a node that does not know of freezes yet is not frozen")
  func earlierAsset() throws {
    let asset = AssetView(
      name: Samples.name("eur"), issuer: Samples.name("mint"), description: "", decimals: 2, supply: Amount(5))
    let text = String(decoding: try AnswerCoding.encode(asset), as: UTF8.self)
    let earlier = text.replacingOccurrences(of: "\"frozen\":false,", with: "")
    #expect(!earlier.contains("frozen"))
    #expect(try JSONDecoder().decode(AssetView.self, from: Data(earlier.utf8)) == asset)
  }

  @Test("The end of a page of movements has one spelling, which is the only one accepted")
  func movementCursor() {
    for (text, place) in [
      ("7-2-1", MovementPlace(height: Height(7), index: 2, number: 1)),
      ("8-end-3", MovementPlace(height: Height(8), index: nil, number: 3)),
    ] {
      #expect(MovementCursor(place).description == text && MovementCursor(text)?.place == place)
    }
    for text in [
      "", "7", "7-2", "7-2-", "7--1", "-2-1", "07-2-1", "7-02-1", "7-2-01", "7-2--1", "7-+2-1", "7-End-1", "7-end-",
      "7-2-1-",
      " 7-2-1", "7-2-1 ", "18446744073709551616-1-1", "7-2-9223372036854775807", "7-4294967296-1",
    ] {
      #expect(MovementCursor(text) == nil, "\(text)")
    }
  }

  @Test("The end of a page of holds has one spelling, which is the only one accepted, and stands for its place")
  func holdCursor() throws {
    let text = "1900003600000-5ac3bc7269636820223722-bank-a/main"
    #expect(HoldCursor(HoldView(hold, decimals: 2)).description == text)
    let position = try #require(HoldCursor(text)).position
    let place = HoldPosition(hold)
    #expect(!(position < place) && !(place < position))
    for text in [
      "", "1", "1-41", "1--a", "1-41-", "-41-a", "01-41-a", "+1-41-a", "1-4-a", "1-4A-a", "1-09-a", "1-41-A", "1-41-a/",
      "1-41- a", " 1-41-a", "1.41.a", "1-\(String(repeating: "41", count: 65))-a", "18446744073709551616-41-a",
    ] {
      #expect(HoldCursor(text) == nil, "\(text)")
    }
  }

  @Test("The answers to many transactions as bytes: the golden bytes, read back unchanged")
  func bytes() throws {
    let busy = ErrorDetail(code: "pool.full", message: "voll \u{00FC}", nextStep: "again", retryAfterMilliseconds: 250)
    let answers: [SubmitAnswer] = [
      .accepted(digest(1)), .finalized(digest(2), height: Height(7), .applied),
      .finalized(digest(3), height: Height(8), TransactionOutcome(code: .assetInsufficientFunds, operation: 1)),
      .refused(nil, ErrorDetail(TransactionError.noOperations)), .refused(digest(4), busy),
    ]
    let bytes = SubmitAnswer.encode(answers)
    let lines = Array((Hex.encode(bytes) + "\n").utf8)
    #expect(String(decoding: lines, as: UTF8.self) == (try Samples.golden("answers/submit-answers.hex", lines)))
    #expect(try SubmitAnswer.decode(bytes, limit: 5) == answers)
    // The bytes carry the same results as the JSON.
    #expect(answers.map { SubmitResult($0).id } == [digest(1), digest(2), digest(3), nil, digest(4)])
    #expect(answers.map { SubmitResult($0).status } == [.accepted, .finalized, .finalized, .refused, .refused])
    #expect(SubmitResult(answers[2]).outcome?.code == "asset.insufficient-funds")
    #expect(SubmitResult(answers[4]).error == busy)
  }

  @Test("Bytes that are not answers are refused: cut, too long, too many, unknown kinds, bad text")
  func malformedBytes() throws {
    let refused = SubmitAnswer.refused(nil, ErrorDetail(code: "a", message: "b", nextStep: "c"))
    let bytes = SubmitAnswer.encode([.accepted(digest(1)), refused])
    func isRefused(_ change: (inout [UInt8]) -> Void, limit: Int = 2) -> Bool {
      var changed = bytes
      change(&changed)
      return (try? SubmitAnswer.decode(changed, limit: limit)) == nil
    }
    #expect(!isRefused { _ in })
    #expect((1...bytes.count).allSatisfy { count in isRefused { $0.removeLast(count) } })
    #expect(isRefused { $0.append(0) })
    #expect(isRefused({ _ in }, limit: 1))
    #expect(isRefused { $0[0] = 1 })
    #expect(isRefused { $0[5] = 4 })
    // Changes the flag of the id, and the first letter of the code.
    #expect(isRefused { $0[39] = 2 })
    #expect(isRefused { $0[44] = 0xFF })
    let long = SubmitAnswer.refused(
      nil, ErrorDetail(code: "a", message: String(repeating: "\u{00E4}", count: 70_000), nextStep: ""))
    guard case .refused(_, let error) = try SubmitAnswer.decode(SubmitAnswer.encode([long]), limit: 1)[0] else {
      Issue.record("it is a refusal")
      return
    }
    #expect(error.message == String(repeating: "\u{00E4}", count: 32_768))
  }

  @Test("A content type is known with parameters and in any case, and among others that are accepted")
  func mediaTypes() {
    #expect(MediaType.named(in: "Application/JSON; charset=utf-8") == MediaType.json)
    #expect(MediaType.named(in: " application/json ;q=1") == MediaType.json)
    #expect(MediaType.named(in: "") == "")
    #expect(MediaType.names(MediaType.results, in: "application/json, \(MediaType.results);q=0.9"))
    #expect(!MediaType.names(MediaType.results, in: "*/*"))
  }

  @Test("A block, with and without its transactions")
  func blocks() throws {
    var block = BlockView(
      height: Height(7), digest: digest(1), parent: digest(2), parentResult: digest(3),
      time: Timestamp(1_900_000_000_123), transactionCount: 2, transactionRoot: digest(4),
      result: ResultView(
        BlockResult(
          height: Height(7), block: digest(1), stateRoot: digest(6), outcomeRoot: digest(7),
          above: EpochReference(epoch: Epoch(3), configuration: digest(8))), digest: digest(5)), view: 9,
      outcomes: OutcomeCounts(applied: 1, failed: 1), transactions: [digest(8), digest(9)])
    try check("block", block)
    block.transactions = nil
    try check("blocks", Page(items: [block], height: Height(9), next: "8"))
  }

  @Test("Members, accounts, assets and records")
  func ledger() throws {
    let authority = MemberAuthority(
      roles: [.issuer, .participant], keys: [try Samples.privateKey(1).publicKey], threshold: 1)
    try check(
      "member",
      MemberView(
        name: Samples.name("bank-a"), description: "Bank A, <b>Zürich</b>", authority: authority, suspension: nil))
    try check(
      "member-suspended",
      MemberView(
        name: Samples.name("bank-b"), description: "", authority: authority, suspension: "licence withdrawn"))
    try check(
      "account",
      AccountView(
        account: Samples.account("bank-a/main"), description: "customers' money", frozen: true,
        balances: [
          BalanceView(asset: Samples.name("bond"), units: .zero, held: Amount(70), decimals: 1),
          BalanceView(asset: Samples.name("eur"), units: Amount(5), decimals: 2),
          BalanceView(asset: Samples.name("share"), units: Amount(.max), decimals: 0),
        ]))
    try check(
      "asset",
      AssetView(
        name: Samples.name("eur"), issuer: Samples.name("bank-a"), description: "Euro", decimals: 2,
        supply: Amount(123_456), terms: AssetTerms(cap: Amount(500_000), isFrozen: true)))
    let versions = [
      RecordVersionView(
        version: 1, author: Samples.name("bank-a"), contentDigest: digest(1), metadata: Array("draft".utf8),
        time: Timestamp(1_900_000_000_000)),
      RecordVersionView(
        version: 2, author: Samples.name("bank-a"), contentDigest: digest(2), metadata: [1, 255],
        time: Timestamp(1_900_000_001_000)),
    ]
    #expect(versions.map(\.metadataBytes) == [Array("draft".utf8), [1, 255]])
    try check(
      "record",
      RecordView(
        collection: try #require(CollectionName("invoices/2031")), key: "INV 17", latest: versions[1],
        height: Height(9), history: versions))
  }

  @Test("The node's status and health, its validators, and errors")
  func node() throws {
    let stopped = ErrorDetail(code: "node.stopped", message: "the disk is full", nextStep: "make room")
    let genesis = try Samples.genesis()
    try check(
      "status",
      NodeStatus(
        chain: ChainView(name: "sample", suite: genesis.suite, genesis: genesis.digest),
        node: Samples.name("node1"), member: Samples.name("bank-a"), role: .validator, height: Height(7),
        block: digest(1),
        blockTime: Timestamp(1_900_000_000_123), epoch: 2, view: 9, leader: Samples.name("node2"),
        mempool: MempoolView(transactions: 3, bytes: 1200),
        peers: [
          PeerView(name: Samples.name("node2"), connected: true, height: Height(7)),
          PeerView(name: Samples.name("node3"), connected: false),
        ], time: Timestamp(1_900_000_002_000), uptimeMilliseconds: 5000,
        versions: VersionsView(software: "0.1.0", rules: 4), stopped: stopped))
    try check("health", HealthView(findings: []))
    let findings = [
      Finding(
        code: "disk.filling", severity: .warning, since: Timestamp(1_900_000_000_000),
        subject: Finding.Subject(.disk, "node/log"), explanation: "few bytes are free", nextStep: "make room"),
      Finding(
        code: "node.stopped", severity: .critical, since: Timestamp(1_900_000_000_123),
        subject: Finding.Subject(.chain), explanation: "the disk is full", nextStep: "make room"),
    ]
    try check("health-not", HealthView(findings: findings))
    try check("live", LivenessView())
    try check("ready-not", ReadinessView(role: .validator, level: true, voting: false))
    try check("ready-observer", ReadinessView(role: .observer, level: true, voting: false))
    let peer = MisbehavingPeer(
      peer: "node2", code: "vote.bad-signature", message: "a vote with an invalid signature", times: 3,
      millisecondsAgo: 1200)
    try check("health-misbehaving", HealthView(findings: [], misbehaving: [peer]))
    try check(
      "validators",
      ValidatorsView(
        items: genesis.validators.enumerated().map { index, validator in
          ValidatorView(
            index: index, node: genesis.directory[index], voteKey: validator.voteKey, connected: index == 0,
            height: index == 0 ? Height(9) : nil, leader: index == 1)
        }, height: Height(9), epoch: 2, configuration: digest(3),
        checkpoint: Checkpoint(epoch: Epoch(2), result: digest(4))))
    let entry = genesis.directory[0]
    try check(
      "observers",
      Page(
        items: [
          ObserverView(node: entry, connected: true, height: Height(8)),
          ObserverView(node: entry, connected: false, height: nil),
        ], height: Height(9)))
    let proof = KeyProof(
      validator: entry.name, key: genesis.validators[0].voteKey,
      signature: Signature(first: digest(5), second: digest(6)))
    try check("vote-key", VoteKeyView(proof, member: entry.member, role: .observer, listens: true))
    try check("error", ErrorBody(stopped))
  }

  @Test(
    "A value that breaks the ledger's rules is refused on reading",
    arguments: [
      #"{"asset":"EUR","amount":"1","units":"1"}"#, #"{"asset":"eur","amount":"1","units":1}"#,
      #"{"asset":"eur","amount":"1","units":"-1"}"#, #"{"asset":"eur","amount":"1"}"#,
    ])
  func refused(text: String) {
    #expect(throws: DecodingError.self) { try AnswerCoding.decode(BalanceView.self, from: Data(text.utf8)) }
  }

  @Test("An answer of a later version, with more keys, is still read")
  func laterVersion() throws {
    let text = #"{"asset":"eur","amount":"1","units":"1","pending":"5"}"#
    #expect(try AnswerCoding.decode(BalanceView.self, from: Data(text.utf8)).units == Amount(1))
  }

  @Test("The errors of the ledger's own rules are passed on: every error has its three parts")
  func errors() {
    let detail = ErrorDetail(GenesisError.memberCount(0))
    #expect(detail.code == "genesis.member-count")
    #expect(detail.explanation == "there are 0 members; there must be 1 to 1024")
    #expect(!detail.nextStep.isEmpty)
  }
}
