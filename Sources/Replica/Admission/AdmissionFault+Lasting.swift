internal import Ledger

extension AdmissionFault {
  /// Whether waiting cannot help: the transaction has expired, or its signers or their keys are not valid in the state.
  var isLasting: Bool {
    switch self {
    case .expired, .unknownMember, .suspendedMember, .foreignKey, .missingAuthority, .noSuchMember: true
    // It is in a block of the current branch, which may be given up; or its time has not come yet, or the rules may be
    // raised.
    case .alreadyApplied, .tooFarAhead, .laterRules: false
    }
  }
}
