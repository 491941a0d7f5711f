import Cryptography
import Ledger
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("Operations as JSON")
struct OperationsDocumentTests {
  private func read(_ text: String) throws(DocumentError) -> [Operation] {
    try OperationsDocument(Array(text.utf8), document: "tx.json").operations(decimals: Samples.decimals)
  }

  private func transfer(_ amount: String, asset: String = "eur") throws(DocumentError) -> Amount {
    let operations = try read("[{\"kind\":\"asset.issue\",\"asset\":\"\(asset)\",\"to\":\"bank-b/main\",\(amount)}]")
    guard case .assetIssue(let issue)? = operations.first else { return .zero }
    return issue.amount
  }

  @Test("Every kind of operation is written as the golden document and read back the same")
  func golden() throws {
    let operations = try Samples.operations()
    let others = try Samples.validatorOperations()
    let onHolds = Samples.holdOperations()
    let onTerms = try Samples.termsOperations()
    #expect(Set((operations + onHolds + onTerms + others).map(\.kind)) == Set(OperationKind.allCases))
    let terms = OperationsDocument.render(onTerms, decimals: Samples.decimals)
    #expect(String(decoding: terms, as: UTF8.self) == (try Samples.golden("terms-operations.json", terms)))
    #expect(try OperationsDocument(terms, document: "t.json").operations(decimals: Samples.decimals) == onTerms)
    let holds = OperationsDocument.render(onHolds, decimals: Samples.decimals)
    #expect(String(decoding: holds, as: UTF8.self) == (try Samples.golden("hold-operations.json", holds)))
    #expect(try OperationsDocument(holds, document: "h.json").operations(decimals: Samples.decimals) == onHolds)
    let validators = OperationsDocument.render(others, decimals: Samples.decimals)
    #expect(
      String(decoding: validators, as: UTF8.self) == (try Samples.golden("validator-operations.json", validators)))
    #expect(try OperationsDocument(validators, document: "v.json").operations(decimals: Samples.decimals) == others)
    let bytes = OperationsDocument.render(operations, decimals: Samples.decimals)
    #expect(String(decoding: bytes, as: UTF8.self) == (try Samples.golden("operations.json", bytes)))
    let document = try OperationsDocument(bytes, document: "operations.json")
    #expect(document.assetsToLookUp == [Samples.name("eur"), Samples.name("share")])
    #expect(try document.operations(decimals: Samples.decimals) == operations)
  }

  @Test("The bare array is read like the object around it")
  func bareArray() throws {
    let operation = #"{"kind":"member.restore","name":"bank-b"}"#
    #expect(try read("[\(operation)]") == [.memberRestore(name: Samples.name("bank-b"))])
    #expect(try read("{\"operations\":[\(operation)]}") == [.memberRestore(name: Samples.name("bank-b"))])
  }

  @Test("The decimals of an asset that the file defines apply from there on")
  func definedInFile() throws {
    let define = #"{"kind":"asset.define","asset":"oil","issuer":"bank-a","decimals":1}"#
    let issue = #"{"kind":"asset.issue","asset":"oil","to":"bank-a","amount":"2.5"}"#
    let document = try OperationsDocument(Array("[\(define),\(issue)]".utf8), document: "tx.json")
    #expect(document.assetsToLookUp.isEmpty)
    #expect(
      try document.operations { _ in nil }.last
        == .assetIssue(asset: Samples.name("oil"), to: Samples.account("bank-a"), amount: Amount(25)))
    let error = try refusal { try read("[\(issue),\(define)]") }
    #expect(error.code == "asset.unknown")
    #expect(error.path == "operations[0].amount" || error.path == "[0].amount")
  }

  @Test(
    "Exact decimals become smallest units",
    arguments: [
      ("\"amount\":\"12.50\"", 1250), ("\"amount\":\"12.5\"", 1250), ("\"amount\":\"12\"", 1200),
      ("\"amount\":\"0.01\"", 1), ("\"units\":7", 7), ("\"units\":\"7\"", 7),
      ("\"amount\":\"0.07\",\"units\":7", 7),
      ("\"amount\":\"3402823669209384634633746074317682114.55\"", UInt128.max),
      ("\"units\":340282366920938463463374607431768211455", UInt128.max),
    ])
  func amounts(text: String, units: UInt128) throws {
    #expect(try transfer(text) == Amount(units))
  }

  @Test("Too large an amount is reported as such, and not as a problem of its decimals")
  func tooLarge() throws {
    let error = try #require(throws: DocumentError.self) {
      try transfer("\"amount\":\"3402823669209384634633746074317682114.56\"")
    }
    #expect(error.explanation.contains("at most 3402823669209384634633746074317682114.55"), "\(error.explanation)")
  }

  @Test(
    "No amount is rounded, guessed or taken from floating point",
    arguments: [
      ("\"amount\":\"12.505\"", "json.invalid-value"), ("\"amount\":\"-1\"", "json.invalid-value"),
      ("\"amount\":\"+1\"", "json.invalid-value"), ("\"amount\":\"1e3\"", "json.invalid-value"),
      ("\"amount\":\"1.\"", "json.invalid-value"), ("\"amount\":\".5\"", "json.invalid-value"),
      ("\"amount\":\"1,5\"", "json.invalid-value"), ("\"amount\":\" 1\"", "json.invalid-value"),
      ("\"amount\":\"\"", "json.invalid-value"), ("\"amount\":\"٣\"", "json.invalid-value"),
      ("\"amount\":\"0.00\"", "json.invalid-value"), ("\"amount\":12.5", "json.wrong-type"),
      ("\"amount\":12", "json.wrong-type"), ("\"amount\":null", "json.wrong-type"),
      ("\"amount\":\"3402823669209384634633746074317682114.56\"", "json.invalid-value"),
      ("\"units\":340282366920938463463374607431768211456", "json.invalid-value"),
      ("\"units\":1.0", "json.invalid-value"), ("\"units\":1e2", "json.invalid-value"),
      ("\"units\":-1", "json.invalid-value"), ("\"units\":\"007\"", "json.invalid-value"),
      ("\"units\":0", "encoding.invalid"), ("\"units\":1,\"amount\":\"1\"", "json.invalid-value"),
      ("\"amount\":\"000.01\"", "json.invalid-value"), ("\"amount\":\"012\"", "json.invalid-value"),
      ("\"memo\":\"x\"", "json.missing-key"),
    ])
  func refusedAmounts(text: String, code: String) throws {
    let error = try refusal { try transfer(text) }
    #expect(error.code == code, "\(error.explanation)")
  }

  @Test("An amount together with units of an unknown asset is refused: what people read must be what they sign")
  func uncheckedAmount() throws {
    #expect(try transfer("\"units\":5", asset: "unknown") == Amount(5))
    let error = try refusal {
      try transfer("\"units\":500000000,\"amount\":\"5\"", asset: "unknown")
    }
    #expect(error.code == "asset.unknown")
  }

  @Test("An unknown kind, an unknown key and a wrong place for a key are refused with their path")
  func unknown() throws {
    var error = try refusal { try read(#"{"operations":[{"kind":"asset.burn"}]}"#) }
    #expect(error.path == "operations[0].kind")
    #expect(error.code == "json.invalid-value")
    #expect(error.explanation.contains("asset.retire"))
    error = try refusal {
      try read(#"{"operations":[{"kind":"member.restore","name":"bank-b","reason":"x"}]}"#)
    }
    #expect(error.path == "operations[0]")
    #expect(error.fault == .unknownKey("reason", allowed: ["kind", "name"]))
    error = try refusal { try read(#"{"operations":[],"memo":"x"}"#) }
    #expect(error.code == "json.unknown-key")
  }

  @Test("Empty and over-long lists are refused")
  func counts() throws {
    #expect(try refusal { try read("[]") }.code == "json.invalid-value")
    let one = #"{"kind":"member.restore","name":"b"}"#
    let many = Array(repeating: one, count: Limits.transactionOperations + 1).joined(separator: ",")
    #expect(try refusal { try read("[\(many)]") }.code == "json.invalid-value")
  }

  @Test("The ledger's own rules apply: no transfer to oneself, no long memo, a threshold that the keys can meet")
  func rules() throws {
    var error = try refusal {
      try read(#"[{"kind":"asset.transfer","asset":"eur","from":"a","to":"a","units":1}]"#)
    }
    #expect(error.code == "encoding.invalid")
    #expect(error.path == "[0]")
    let memo = String(repeating: "x", count: Limits.memoBytes + 1)
    error = try refusal {
      try read(
        "[{\"kind\":\"asset.transfer\",\"asset\":\"eur\",\"from\":\"a\",\"to\":\"b\",\"units\":1,\"memo\":\"\(memo)\"}]"
      )
    }
    #expect(error.explanation == "tx.json: [0]: memo is 65; the limit is 64")
    let key = try Samples.privateKey(1).publicKey
    error = try refusal {
      try read("[{\"kind\":\"member.update\",\"name\":\"b\",\"roles\":[],\"keys\":[\"\(key)\"],\"threshold\":2}]")
    }
    #expect(error.path == "[0].threshold")
  }

  @Test("A hold without arbiter, and a capture that does not say that it closes the hold, are read as such")
  func leftOut() throws {
    let terms = #""asset":"eur","from":"a","to":"b","reference":"R 1","units":5"#
    let time = #""expires":"2030-03-17T18:46:40.000Z""#
    let (eur, from, to) = (Samples.name("eur"), Samples.account("a"), Samples.account("b"))
    let reference = Samples.holdReference("R 1")
    #expect(
      try read("[{\"kind\":\"hold.place\",\(terms),\(time)},{\"kind\":\"hold.capture\",\(terms)}]") == [
        .holdPlace(
          asset: eur, from: from, to: to, amount: Amount(5), reference: reference,
          expires: Timestamp(1_900_003_600_000)),
        .holdCapture(asset: eur, from: from, to: to, reference: reference, amount: Amount(5), closes: false),
      ])
  }

  @Test(
    "A value that no hold has is refused with its path",
    arguments: [
      ("hold.place", #""reference":"","expires":"2030-03-17T18:46:40.000Z","units":5"#, "[0].reference"),
      ("hold.place", "\"reference\":\"\(String(repeating: "x", count: 65))\"", "[0].reference"),
      ("hold.place", #""reference":"a\tb""#, "[0].reference"), ("hold.place", #""reference":"a""#, "[0]"),
      ("hold.place", #""reference":"a","expires":1900003600000"#, "[0].expires"),
      ("hold.place", #""reference":"a","expires":"tomorrow""#, "[0].expires"),
      ("hold.place", #""reference":"a","expires":"2030-03-17T18:46:40.000Z","arbiter":null"#, "[0].arbiter"),
      ("hold.place", #""reference":"a","expires":"2030-03-17T18:46:40.000Z","closes":true"#, "[0]"),
      ("hold.capture", #""reference":"a","closes":"true""#, "[0].closes"),
      ("hold.capture", #""reference":"a","closes":1"#, "[0].closes"),
      ("hold.release", #""reference":"a""#, "[0]"),
    ])
  func refusedHolds(kind: String, members: String, path: String) throws {
    // Units are known to all but a release, which refuses them.
    let units = members.contains("units") ? "" : ",\"units\":5"
    let error = try refusal {
      try read("[{\"kind\":\"\(kind)\",\"asset\":\"eur\",\"from\":\"a\",\"to\":\"b\",\(members)\(units)}]")
    }
    #expect(error.path == path, "\(error.explanation)")
  }

  @Test("With one key the threshold may be left out, with more it may not")
  func threshold() throws {
    let one = try Samples.privateKey(1).publicKey
    let two = try Samples.privateKey(2).publicKey
    let update = "\"kind\":\"member.update\",\"name\":\"b\",\"roles\":[\"notary\"]"
    guard case .memberUpdate(let operation)? = try read("[{\(update),\"keys\":[\"\(one)\"]}]").first else {
      Issue.record("no update")
      return
    }
    #expect(operation.authority == MemberAuthority(roles: .notary, keys: [one], threshold: 1))
    let error = try refusal { try read("[{\(update),\"keys\":[\"\(one)\",\"\(two)\"]}]") }
    #expect(error.fault == .missingKey("threshold"))
  }

  @Test(
    "Transport keys and addresses are given once each, in the form that the directory has",
    arguments: [
      ("[]", "[\"h:1\"]", "transportKeys"), ("[K,K]", "[\"h:1\"]", "transportKeys[1]"),
      ("[K,L,M]", "[\"h:1\"]", "transportKeys"), ("[K]", "[]", "addresses"),
      ("[K]", "[\"h:1\",\"h:1\"]", "addresses[1]"),
      ("[K]", "[\"h:0\"]", "addresses[0]"), ("[K]", "[\"h:1\",\"h:2\",\"h:3\",\"h:4\",\"h:5\"]", "addresses"),
    ])
  func directory(keys: String, addresses: String, path: String) throws {
    var keys = keys
    for (number, letter) in ["K", "L", "M"].enumerated() {
      keys = keys.replacing(letter, with: "\"\(Digest(UInt64(number), 1, 1, 1))\"")
    }
    func text(_ keys: String, _ addresses: String) -> String {
      #"[{"kind":"directory.set","node":"n","member":"m","transportKeys":"# + keys + #","addresses":"# + addresses
        + "}]"
    }
    #expect(throws: Never.self) { try read(text("[\"\(Digest(9, 1, 1, 1))\"]", "[\"h:1\"]")) }
    let error = try refusal { try read(text(keys, addresses)) }
    #expect(error.path == "[0].\(path)" || error.path == "operations[0].\(path)", "\(error)")
  }

  @Test(
    "An operation in an answer is read back with its decimals",
    arguments: try Samples.operations() + Samples.holdOperations() + Samples.termsOperations()
      + Samples.validatorOperations())
  func rendered(operation: Operation) throws {
    let rendered = RenderedOperation(operation, decimals: Samples.decimals)
    #expect(try AnswerCoding.decode(RenderedOperation.self, from: AnswerCoding.encode(rendered)) == rendered)
  }
}
