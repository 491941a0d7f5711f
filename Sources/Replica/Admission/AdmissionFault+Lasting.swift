internal import Ledger

extension AdmissionFault {
  /// Whether waiting cannot help: the transaction's time is over, or its signers are not what they were.
  var isLasting: Bool {
    switch self {
    case .expired, .unknownMember, .suspendedMember, .foreignKey, .missingAuthority, .noSuchMember: true
    // In a block of the current branch, which may be given up; or its time is yet to come.
    case .alreadyApplied, .tooFarAhead: false
    }
  }
}
