internal import Cryptography
internal import Primitives

// What the operations of members, and genesis, share.
extension LedgerState {
  /// Adds a member and the account named like it.
  mutating func admit(_ member: Member) {
    let slot = members.create(member)
    for key in member.authority.keys { derived.keyHolders[key] = slot }
    addAccount(AccountName(member.name), "", slot)
  }

  func isSuspended(_ member: UInt32) -> Bool { members.rows[Int(member)].isSuspended }

  func has(_ member: UInt32, _ role: Roles) -> Bool { members.rows[Int(member)].authority.roles.contains(role) }

  var administratorsAct: Bool { signers.administrators >= parameters.administratorThreshold }

  /// Whether one active administrator fewer would still be enough.
  var canLoseAdministrator: Bool {
    members.rows.count { $0.isActiveAdministrator } > Int(parameters.administratorThreshold)
  }

  /// Why these keys cannot become those of the member in `slot`, if so.
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
  /// Whether the suite has this key.
  fileprivate func isValid(_ suite: Suite) -> Bool {
    do throws(CryptoError) {
      try check(suite)
      return true
    } catch {
      // Anything else would make this node differ from the others.
      guard case .publicKey = error else { preconditionFailure("a key cannot be checked: \(error.explanation)") }
      return false
    }
  }
}
