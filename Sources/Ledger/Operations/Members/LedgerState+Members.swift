internal import Cryptography
internal import Primitives

// Shared by the operations of members and by genesis.
extension LedgerState {
  /// Adds a member and the account of the same name.
  mutating func admit(_ member: Member) {
    let slot = members.create(member)
    derived.replace(nil, with: member, in: slot)
    addAccount(AccountName(member.name), "", slot)
  }

  mutating func changeMember(_ slot: UInt32, _ change: (inout Member) -> Void) {
    let old = members.rows[Int(slot)]
    members.change(slot, change)
    derived.replace(old, with: members.rows[Int(slot)], in: slot)
  }

  func isSuspended(_ member: UInt32) -> Bool { members.rows[Int(member)].isSuspended }

  func has(_ member: UInt32, _ role: Roles) -> Bool { members.rows[Int(member)].authority.roles.contains(role) }

  var administratorsAct: Bool { signers.administrators >= parameters.administratorThreshold }

  /// Whether there would still be enough active administrators with one fewer.
  var canLoseAdministrator: Bool { derived.administrators.count > Int(parameters.administratorThreshold) }

  /// The reason why these keys cannot become those of the member in `slot`, nil for a new member; `applied` if they
  /// can.
  func keyFault(_ keys: [PublicKey], of slot: UInt32?) -> OutcomeCode {
    for key in keys {
      guard key.isValid(chain.suite) else { return .memberInvalidKey }
      guard let holder = derived.keyHolders[key] else { continue }
      guard holder == slot else { return .memberSharedKey }
    }
    return .applied
  }
}

extension PublicKey {
  /// Whether this is a valid key of the suite.
  func isValid(_ suite: Suite) -> Bool {
    do throws(CryptoError) {
      try check(suite)
      return true
    } catch {
      // Continuing after any other error would make this node differ from the others.
      guard case .publicKey = error else { preconditionFailure("a key cannot be checked: \(error.explanation)") }
      return false
    }
  }
}
