internal import Ledger
internal import Primitives

// Closed accounts, new members, and an asset that changes hands.
extension Workload {
  /// A transaction that closes an account, admits a member, or is about the rare asset.
  mutating func settingTerms(at time: Timestamp) -> Request {
    let rare = Population.rareAsset
    let issuers = [Population.issuer, Population.registrar]
    // Whoever acts does not know who the issuer is at the moment.
    let someIssuer = Bool.random(using: &generator) ? issuers[0] : issuers[1]
    switch Int.random(in: 0..<16, using: &generator) {
    case 0..<4:
      // The hottest accounts, which are the banks' own, and others that may be empty.
      return sign([.accountClose(account: accounts[Int.random(in: accounts.indices, using: &generator)])], at: time)
    case 4:
      let cap = UInt128(UInt64.random(in: 5_900_000...6_400_000, using: &generator))
      return sign([.assetCap(asset: rare, cap: Amount(cap))], by: [someIssuer], at: time)
    case 5, 6:
      let missing = Int.random(in: 0..<4, using: &generator) == 0
      return sign([.assetHandOver(asset: rare, to: someIssuer)], by: missing ? [someIssuer] : issuers, at: time)
    case 7: return sign([.assetFreeze(asset: rare)], by: [Population.administrator], at: time)
    case 8, 9: return sign([.assetUnfreeze(asset: rare)], by: [Population.administrator], at: time)
    case 10, 11:
      let amount = Amount(UInt128(UInt64.random(in: 1...40_000, using: &generator)))
      return sign([.assetIssue(asset: rare, to: AccountName(bank()), amount: amount)], by: [someIssuer], at: time)
    case 12: return sign([admission()], by: [Population.registrar], at: time)
    default:
      let (from, to) = (account(), account())
      guard from != to else { return sign([admission()], by: [Population.registrar], at: time) }
      let amount = Amount(UInt128(UInt64.random(in: 1...40_000, using: &generator)))
      return sign([.assetTransfer(asset: rare, from: from, to: to, amount: amount)], at: time)
    }
  }

  /// A new member, sometimes one that only the administrators may admit.
  private mutating func admission() -> Operation {
    let name = Population.name("guest-\(Int.random(in: 0..<20, using: &generator))")
    let governs = Int.random(in: 0..<4, using: &generator) == 0
    return .memberAdd(
      name: name, description: "",
      authority: MemberAuthority(roles: governs ? .registrar : .participant, keys: [ring.makeKey()], threshold: 1))
  }
}
