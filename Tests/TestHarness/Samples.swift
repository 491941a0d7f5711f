package import Cryptography
package import Ledger
import Primitives

/// Fixed values that tests of several modules share. The golden documents are made of them.
package enum Samples {
  package static func name(_ text: String) -> Name { literal(Name(text), text) }
  package static func account(_ text: String) -> AccountName { literal(AccountName(text), text) }
  package static func collection(_ text: String) -> CollectionName { literal(CollectionName(text), text) }
  package static func holdReference(_ text: String) -> HoldReference { literal(HoldReference(text), text) }

  private static func literal<Value>(_ value: Value?, _ text: String) -> Value {
    guard let value else { preconditionFailure("'\(text)' is no \(Value.self)") }
    return value
  }

  /// Ed25519 signs without random numbers, so that receipts can be golden too.
  package static func privateKey(_ number: UInt8) throws -> PrivateKey {
    try PrivateKey(secret: [UInt8](repeating: number, count: 32), .ed25519SHA256)
  }

  /// At least one operation of every kind, except for those on holds, terms, the directory and the validators.
  package static func operations() throws -> [Operation] {
    let authority = MemberAuthority(
      roles: [.issuer, .participant], keys: [try privateKey(7).publicKey, try privateKey(8).publicKey], threshold: 2)
    return [
      .memberAdd(name: name("bank-c"), description: "Bank C", authority: authority),
      .memberUpdate(
        name: name("bank-b"),
        authority: MemberAuthority(roles: [], keys: [try privateKey(9).publicKey], threshold: 1)),
      .memberSuspend(name: name("bank-b"), reason: "licence withdrawn"),
      .memberRestore(name: name("bank-b")),
      .accountOpen(account: account("bank-b/customers/17"), description: "customers' \"money\""),
      .accountFreeze(account: account("bank-b/customers/17")),
      .accountUnfreeze(account: account("bank-b/customers/17")),
      .assetDefine(asset: name("gold"), issuer: name("bank-a"), decimals: 3, description: "Gold, kg"),
      .assetIssue(asset: name("gold"), to: account("bank-a/main"), amount: Amount(1_500)),
      .assetRetire(asset: name("eur"), from: account("bank-b/customers/17"), amount: Amount(.max)),
      .assetTransfer(
        asset: name("eur"), from: account("bank-a/main"), to: account("bank-b/customers/17"), amount: Amount(1250),
        memo: Array("INV-17".utf8)),
      .assetTransfer(
        asset: name("share"), from: account("bank-b"), to: account("bank-a"), amount: Amount(1), memo: [0, 255]),
      .recordAnchor(
        author: name("bank-b"), collection: collection("invoices/2031"), key: "INV 17/b", content: Digest(1, 2, 3, 4),
        metadata: Array("draft 2".utf8)),
      .recordAnchor(
        author: name("bank-b"), collection: collection("invoices/2031"), key: "INV 18", content: Digest(1, 2, 3, 5),
        metadata: [1, 2, 255]),
      .parameterSet(.validityMilliseconds, to: 600_000),
    ]
  }

  /// At least one operation of every kind on holds.
  package static func holdOperations() -> [Operation] {
    let (main, customer) = (account("bank-a/main"), account("bank-b/customers/17"))
    let (order, other) = (holdReference("INV-17"), holdReference("Zürich \"7\""))
    return [
      .holdPlace(
        asset: name("eur"), from: main, to: customer, amount: Amount(1250), reference: order,
        expires: Timestamp(1_900_003_600_000), arbiter: name("bank-c")),
      .holdPlace(
        asset: name("share"), from: account("bank-b"), to: account("bank-a"), amount: Amount(.max), reference: other,
        expires: Timestamp(1_900_003_600_001)),
      .holdCapture(asset: name("eur"), from: main, to: customer, reference: order, amount: Amount(1000), closes: true),
      .holdCapture(
        asset: name("share"), from: account("bank-b"), to: account("bank-a"), reference: other, amount: Amount(1),
        closes: false),
      .holdRelease(asset: name("eur"), from: main, to: customer, reference: order),
    ]
  }

  /// One operation of every other kind that version 4 adds, and a member with the roles that it adds.
  package static func termsOperations() throws -> [Operation] {
    let authority = MemberAuthority(
      roles: [.registrar, .auditor], keys: [try privateKey(11).publicKey], threshold: 1)
    return [
      .memberAdd(name: name("desk"), description: "", authority: authority),
      .accountClose(account: account("bank-b/customers/17")), .assetCap(asset: name("eur"), cap: Amount(500_000)),
      .assetHandOver(asset: name("eur"), to: name("bank-b")), .assetFreeze(asset: name("eur")),
      .assetUnfreeze(asset: name("eur")),
    ]
  }

  /// One operation of every kind on the directory and the validators.
  package static func validatorOperations() throws -> [Operation] {
    let key = try privateKey(10)
    let proof = KeyProof(
      validator: name("node5"), key: key.publicKey,
      signature: Signature(first: Digest(1, 2, 3, 4), second: Digest(5, 6, 7, 8)))
    return [
      .directorySet(
        name: name("node5"), member: name("bank-b"), pins: [Digest(2, 2, 2, 2), Digest(1, 1, 1, 1)],
        addresses: ["node5.example:7005", "[::1]:7005"]),
      .directoryRemove(name: name("node5")), .validatorAdd(proof, configuration: Digest(1, 2, 3, 4)),
      .validatorRemove(name: name("node5"), configuration: Digest(1, 2, 3, 4)),
      .validatorUpdate(proof, configuration: Digest(1, 2, 3, 4)),
    ]
  }

  /// What the sample assets' decimals are: `eur` two, `share` none.
  package static func decimals(_ asset: Name) -> UInt8? {
    switch asset.description {
    case "eur": 2
    case "share": 0
    default: nil
    }
  }
}
