import Ledger
import LedgerJSON
import Primitives
import Testing

@testable import roadbed

@Testing.Suite("Kinds of operations")
struct OperationKindTests {
  /// An operation of this kind, and the line that describes it to people.
  static func sample(_ kind: OperationKind) throws -> (operation: Ledger.Operation, line: String) {
    let bank = try #require(Name("bank-b"))
    let gold = try #require(Name("gold"))
    let main = try #require(AccountName("bank-b/main"))
    let vault = try #require(AccountName("bank-b/vault"))
    let reference = try #require(HoldReference("INV\u{200F} 17/b"))
    let key = PublicKey(prefix: 2, body: Digest(1, 2, 3, 4))
    let node = try #require(Name("node5"))
    let proof = KeyProof(
      validator: node, key: key, signature: Signature(first: Digest(1, 2, 3, 4), second: Digest(5, 6, 7, 8)))
    let authority = MemberAuthority(roles: [.issuer, .participant], keys: [key], threshold: 1)
    return switch kind {
    case .memberAdd:
      (
        .memberAdd(name: bank, description: "Bank B, Zürich", authority: authority),
        "member.add bank-b: issuer, participant"
      )
    case .memberUpdate:
      (
        .memberUpdate(name: bank, authority: MemberAuthority(roles: [], keys: [key], threshold: 1)),
        "member.update bank-b: no roles"
      )
    case .memberSuspend: (.memberSuspend(name: bank, reason: "licence withdrawn"), "member.suspend bank-b")
    case .memberRestore: (.memberRestore(name: bank), "member.restore bank-b")
    case .accountOpen: (.accountOpen(account: main, description: "customers' money"), "account.open bank-b/main")
    case .accountFreeze: (.accountFreeze(account: main), "account.freeze bank-b/main")
    case .accountUnfreeze: (.accountUnfreeze(account: main), "account.unfreeze bank-b/main")
    case .accountClose: (.accountClose(account: main), "account.close bank-b/main")
    case .assetDefine:
      (
        .assetDefine(asset: gold, issuer: bank, decimals: 3, description: "Gold, kg"),
        "asset.define gold by bank-b, 3 decimals"
      )
    case .assetIssue:
      (.assetIssue(asset: gold, to: main, amount: Amount(1_500)), "asset.issue 1.500 gold to bank-b/main")
    case .assetRetire:
      (.assetRetire(asset: gold, from: main, amount: Amount(20)), "asset.retire 0.020 gold from bank-b/main")
    case .assetTransfer:
      (
        .assetTransfer(asset: gold, from: main, to: vault, amount: Amount(12), memo: Array("INV-17".utf8)),
        "asset.transfer 0.012 gold from bank-b/main to bank-b/vault: INV-17"
      )
    case .assetCap: (.assetCap(asset: gold, cap: Amount(2_500)), "asset.cap 2.500 gold")
    case .assetHandOver: (.assetHandOver(asset: gold, to: bank), "asset.hand-over gold to bank-b")
    case .assetFreeze: (.assetFreeze(asset: gold), "asset.freeze gold")
    case .assetUnfreeze: (.assetUnfreeze(asset: gold), "asset.unfreeze gold")
    case .holdPlace:
      (
        .holdPlace(
          asset: gold, from: main, to: vault, amount: Amount(12), reference: reference,
          expires: Timestamp(1_900_003_600_000), arbiter: bank),
        "hold.place 0.012 gold from bank-b/main to bank-b/vault as 'INV\u{FFFD} 17/b' until 2030-03-17T18:46:40.000Z, "
          + "arbiter bank-b"
      )
    case .holdCapture:
      (
        .holdCapture(asset: gold, from: main, to: vault, reference: reference, amount: Amount(7), closes: true),
        "hold.capture 0.007 gold from bank-b/main to bank-b/vault of 'INV\u{FFFD} 17/b', which ends it"
      )
    case .holdRelease:
      (
        .holdRelease(asset: gold, from: main, to: vault, reference: reference),
        "hold.release gold from bank-b/main to bank-b/vault of 'INV\u{FFFD} 17/b'"
      )
    case .recordAnchor:
      (
        .recordAnchor(
          author: bank, collection: try #require(CollectionName("invoices/2031")), key: "INV 17/b",
          content: Digest(1, 2, 3, 4), metadata: [0, 1, 255]),
        "record.anchor invoices/2031/INV 17/b: \(Digest(1, 2, 3, 4))"
      )
    case .parameterSet: (.parameterSet(.blockBytes, to: 2_000_000), "parameter.set blockBytes: 2000000")
    case .directorySet:
      (
        .directorySet(
          name: node, member: bank, pins: [Digest(1, 2, 3, 4)], addresses: ["n5.example:7005", "[::1]:7005"]),
        "directory.set node5 of bank-b: n5.example:7005, [::1]:7005"
      )
    case .directoryRemove: (.directoryRemove(name: node), "directory.remove node5")
    case .validatorAdd: (.validatorAdd(proof, configuration: Digest(4, 3, 2, 1)), "validator.add node5: \(key)")
    case .validatorRemove:
      (.validatorRemove(name: node, configuration: Digest(4, 3, 2, 1)), "validator.remove node5")
    case .validatorUpdate:
      (.validatorUpdate(proof, configuration: Digest(4, 3, 2, 1)), "validator.update node5: \(key)")
    }
  }

  @Test(
    "An operation of every kind is read back from its bytes, its view and its JSON", arguments: OperationKind.allCases)
  func roundTrip(kind: OperationKind) throws {
    let operation = try Self.sample(kind).operation
    #expect(operation.kind == kind)
    var writer = Writer()
    operation.encode(into: &writer)
    #expect(writer.bytes.first == kind.rawValue)
    let decoded = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try Ledger.Operation(from: &reader) }
    #expect(decoded == operation)

    var reader = Reader(writer.bytes.span.bytes)
    let view = try OperationView(from: &reader)
    #expect(Ledger.Operation(view, in: reader.span) == operation)

    let json = OperationsDocument.render([operation]) { _ in 3 }
    let document = try OperationsDocument(json, document: "operations.json")
    #expect(try document.operations { _ in 3 } == [operation])
  }

  @Test(
    "An operation of every kind is shown as one line that begins with its kind", arguments: OperationKind.allCases)
  func text(kind: OperationKind) throws {
    let (operation, line) = try Self.sample(kind)
    #expect(RenderedOperation(operation) { _ in 3 }.line == line)
  }
}
