internal import Primitives

/// A transaction that is only tried: who must sign for its operations, and who is taken to have signed.
///
/// Whoever must sign is taken to have signed with all keys that it had when the transaction began, because admission allows
/// no others. Who needs a key that an earlier operation brings cannot act, just as in a block.
struct DryRun {
  private enum Signatory {
    case administrators
    case member(Name)
  }

  /// The keys that have signed, by member.
  private let signed: [Name: [PublicKey]]
  /// The members that have signed, in order.
  private let signers: [Name]
  /// How many more members can sign.
  private let room: Int
  private(set) var required: [RequiredSignatures] = []
  private var places: [[SigningParty]: Int] = [:]
  /// The places in `required` of what was looked up since an operation last changed who may act.
  private var known: [RequiredAuthority: [Int]] = [:]
  private var assumed: [UInt32] = []
  private var assumesAdministrators = false
  /// The members that the operations so far changed, as they were before; nil for one that was added.
  private var before: [UInt32: Member?] = [:]

  init(_ transaction: borrowing TransactionView) {
    var signed: [Name: [PublicKey]] = [:]
    var signers: [Name] = []
    var cursor = transaction.signatures
    while let signature = cursor.next() {
      if signers.last != signature.member { signers.append(signature.member) }
      signed[signature.member, default: []].append(signature.key)
    }
    self.signed = signed
    self.signers = signers
    room = Limits.transactionSignatures - transaction.layout.verificationCount
  }

  // MARK: Steps

  /// Notes who must sign for an operation that is to be applied to `state` next, and lets them act from now on.
  mutating func require(_ operation: OperationView, at index: Int, in state: inout LedgerState) {
    for place in places(of: operation.requiredAuthority, in: &state) where required[place].operations.last != index {
      required[place].operations.append(index)
    }
  }

  /// Weighs the signatures again after an operation that can change who may act.
  mutating func weigh(_ signatures: consuming SignatureCursor, in state: inout LedgerState) {
    // Each member is in the list once, and new ones are at its end.
    for version in state.members.versions(of: .open).dropFirst(before.count) {
      before[version.slot] = .some(version.old)
    }
    known.removeAll(keepingCapacity: true)
    state.signers.weigh(signatures, state.members)
    for slot in assumed where canAct(slot, in: state) { state.signers.assume(slot, state.members) }
    if assumesAdministrators, canAct(.administrators, in: state) { assumeAdministrators(in: &state) }
  }

  private mutating func places(of authority: RequiredAuthority, in state: inout LedgerState) -> [Int] {
    if let known = known[authority] { return known }
    let (groups, areLasting) = signatories(authority, in: state)
    let places = groups.map { place(of: $0, in: &state) }
    if areLasting { known[authority] = places }
    return places
  }

  private mutating func place(of group: [Signatory], in state: inout LedgerState) -> Int {
    let parties = group.map { party($0, in: state) }
    assume(group, parties, in: &state)
    if let place = places[parties] { return place }
    places[parties] = required.count
    required.append(RequiredSignatures(parties: parties, operations: []))
    return required.count - 1
  }

  // MARK: Who must sign

  /// Of each group one must sign. The answer is lasting if it stays the same until an operation changes who may act.
  private func signatories(
    _ authority: RequiredAuthority, in state: borrowing LedgerState
  ) -> (groups: [[Signatory]], areLasting: Bool) {
    switch authority {
    case .administrators: return ([[.administrators]], true)
    case .administratorsOrRegistrar: return ([[.administrators] + registrars(in: state)], true)
    case .member(let name): return ([[.member(name)]], true)
    case .issuer(let asset):
      guard let issuer = Self.issuer(of: asset, in: state) else { return ([], false) }
      // A hand-over changes it.
      return ([[issuer]], false)
    case .issuerAndMember(let asset, let name):
      guard let issuer = Self.issuer(of: asset, in: state) else { return ([[.member(name)]], false) }
      return ([[issuer], [.member(name)]], false)
    case .holdParty(let terms, let includingPayer):
      guard let hold = state.openHold(terms) else { return ([], false) }
      return ([Self.parties(of: hold, isRelease: includingPayer, in: state)], false)
    case .administratorsOrMember(let validator):
      guard let index = state.index(ofValidator: validator) else { return ([[.administrators]], false) }
      return ([[.administrators, .member(state.configuration.validators[index].member)]], true)
    }
  }

  /// The active registrars that have signed, then some that could. One is enough, so a long list would not help.
  private func registrars(in state: borrowing LedgerState) -> [Signatory] {
    let active = state.derived.registrars
    let signing = signers.compactMap { state.members.slot(of: $0) }.filter { active.contains($0) }
    let others = active.slots.filter { !signing.contains($0) }
    return (signing + others.prefix(max(0, Limits.previewRegistrars - signing.count))).map {
      .member(state.members.rows[Int($0)].name)
    }
  }

  /// Who can capture or release a hold now: the payee's owner first. A payer's owner can release what has expired, and only
  /// the arbiter can capture from a payer that is frozen or suspended.
  private static func parties(
    of hold: HoldRow, isRelease: Bool, in state: borrowing LedgerState
  ) -> [Signatory] {
    func owner(_ account: UInt32) -> Signatory {
      .member(state.members.rows[Int(state.accounts.rows[Int(account)].owner)].name)
    }
    let payer = state.accounts.rows[Int(hold.account)]
    var parties = [owner(hold.payee)]
    if hold.arbiter != HoldRow.noArbiter {
      if !isRelease, payer.account.isFrozen || state.isSuspended(payer.owner) { parties = [] }
      parties.append(.member(state.members.rows[Int(hold.arbiter)].name))
    }
    if isRelease, hold.expires <= state.blockTime { parties.append(owner(hold.account)) }
    return parties
  }

  private static func issuer(of asset: Name, in state: borrowing LedgerState) -> Signatory? {
    state.assets.slot(of: asset).map { .member(state.assets.rows[Int($0)].asset.issuer) }
  }

  private func party(_ signatory: Signatory, in state: borrowing LedgerState) -> SigningParty {
    switch signatory {
    case .member(let name): return .member(member(name, in: state))
    case .administrators:
      var administrators: [SigningMember] = []
      for name in signers {
        guard let slot = state.members.slot(of: name), state.has(slot, .administrator) else { continue }
        let member = member(name, in: state)
        if member.signed > 0 { administrators.append(member) }
      }
      return .administrators(
        acting: administrators.count(where: \.acts), threshold: Int(state.parameters.administratorThreshold),
        signers: administrators)
    }
  }

  private func member(_ name: Name, in state: borrowing LedgerState) -> SigningMember {
    guard let slot = state.members.slot(of: name) else {
      return SigningMember(name: name, signed: 0, threshold: nil, isSuspended: false)
    }
    let member = state.members.rows[Int(slot)]
    let keys = member.authority.keys
    return SigningMember(
      name: name, signed: (signed[name] ?? []).count { keys.contains($0) }, threshold: Int(member.authority.threshold),
      isSuspended: member.isSuspended)
  }

  // MARK: Who is taken to have signed

  /// If none of the group acts, lets one act that can: rather one that has begun to sign.
  private mutating func assume(_ group: [Signatory], _ parties: [SigningParty], in state: inout LedgerState) {
    guard !parties.contains(where: \.acts) else { return }
    let begun = group.indices.filter { parties[$0].hasBegun }
    let others = group.indices.filter { !parties[$0].hasBegun }
    guard let chosen = (begun + others).first(where: { canAct(group[$0], in: state) }) else { return }
    switch group[chosen] {
    case .administrators: assumeAdministrators(in: &state)
    case .member(let name):
      guard let slot = state.members.slot(of: name), !assumed.contains(slot), assumed.count < room else { return }
      assumed.append(slot)
      state.signers.assume(slot, state.members)
    }
  }

  private mutating func assumeAdministrators(in state: inout LedgerState) {
    assumesAdministrators = true
    state.signers.assume(administrators: state.parameters.administratorThreshold)
  }

  private func canAct(_ signatory: Signatory, in state: borrowing LedgerState) -> Bool {
    switch signatory {
    case .member(let name): return state.members.slot(of: name).map { canAct($0, in: state) } ?? false
    case .administrators:
      // At the tip there are always enough, or nobody could administer the chain any more.
      guard !before.isEmpty else { return true }
      var count = 0
      for slot in state.derived.administrators.slots where canAct(slot, in: state) { count += 1 }
      return count >= state.parameters.administratorThreshold
    }
  }

  private func canAct(_ slot: UInt32, in state: borrowing LedgerState) -> Bool {
    let member = state.members.rows[Int(slot)]
    guard !member.isSuspended else { return false }
    guard let old = before[slot] else { return true }
    guard let old, !old.isSuspended else { return false }
    return member.authority.keys.count { old.authority.keys.contains($0) } >= member.authority.threshold
  }
}
