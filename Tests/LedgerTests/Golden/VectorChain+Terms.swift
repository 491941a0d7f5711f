import Cryptography
import Primitives
import Testing

@testable import Ledger

extension VectorChain {
  /// Block 7: an asset is capped and frozen, an account opened and closed, a registrar and an issuer admitted. Block 8: the
  /// registrar admits a member, the asset is handed over, and a transfer of it fails. With the entries after both blocks.
  func recordTerms() throws {
    let (eur, till) = (TestChain.name("eur"), TestChain.account("bank-a/till"))
    let bankA: Signer = ("bank-a", Self.bankA)
    // A key that bank-c has given up, and the vote keys, which are no member's.
    let (deskKey, issuerKey, newKey) = (Self.bankC, Self.voteKeys.upperBound, Self.voteKeys.lowerBound)
    func add(_ name: String, _ roles: Roles, _ number: Int) throws -> Operation {
      .memberAdd(
        name: TestChain.name(name), description: "",
        authority: MemberAuthority(roles: roles, keys: [try Self.key(number, suite).publicKey], threshold: 1))
    }
    let failure = TransactionOutcome(code: .assetFrozen, operation: 0)
    try block(
      [
        try transaction(
          [
            .assetCap(asset: eur, cap: Amount(UInt128(1) << 80)), .accountOpen(account: till, description: ""),
            .accountClose(account: till),
          ], by: [bankA]),
        try transaction(
          [
            add("desk", [.registrar, .auditor], deskKey), add("bank-d", .issuer, issuerKey), .assetFreeze(asset: eur),
            .assetUnfreeze(asset: eur), .assetFreeze(asset: eur),
          ], by: [("registry", Self.registry)]),
      ], outcomes: [.applied, .applied])
    try block(
      [
        try transaction([add("bank-e", .participant, newKey)], by: [("desk", deskKey)]),
        try transaction(
          [.assetHandOver(asset: eur, to: TestChain.name("bank-d"))], by: [bankA, ("bank-d", issuerKey)]),
        try transaction(
          [
            .assetTransfer(
              asset: eur, from: TestChain.account("bank-a/main"), to: TestChain.account("bank-a"), amount: Amount(1))
          ], by: [bankA]),
      ], outcomes: [.applied, .applied, failure])
    let keys: [StateKey] = [.assetTerms(eur), .asset(eur), .account(till), .assetTerms(TestChain.name("gold"))]
    for (index, key) in keys.enumerated() {
      let proof = state.prove(key)
      file.add("terms-state-proof.\(index + 1)", encoded { proof.encode(into: &$0) })
      guard let entry = proof.entry else { continue }
      file.add("terms-entry.\(index + 1).key", encoded { key.encode(into: &$0) })
      file.add("terms-entry.\(index + 1).value", encoded { entry.encodeValue(into: &$0) })
    }
  }
}
