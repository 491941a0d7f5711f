/// What each role permits, for every kind of operation.
///
/// Execution does not read the table. Tests compare it with execution, cell by cell, and with the documents.
package enum AuthorityTable {
  /// What a member with one role only can do with operations of a kind.
  package enum Permission: String, CaseIterable, Sendable {
    case none = "–"
    /// With what is its own: accounts, assets, collections and validators of the member, holds to which it is a party, and
    /// accounts and collections that become its own.
    case own
    /// With members that become neither administrators nor registrars.
    case ordinary
    /// With all, once as many members of the role sign as the chain's threshold requires.
    case all
  }

  /// The columns: no role at all, and each role by itself.
  package static var roles: [Roles] { [[]] + Roles.each }

  package static func permission(_ role: Roles, _ kind: OperationKind) -> Permission {
    switch kind {
    case .memberAdd: role == .administrator ? .all : role == .registrar ? .ordinary : .none
    case .memberUpdate, .memberSuspend, .memberRestore, .accountFreeze, .accountUnfreeze, .assetFreeze, .assetUnfreeze,
      .parameterSet, .directorySet, .directoryRemove, .validatorAdd, .validatorRemove:
      role == .administrator ? .all : .none
    case .accountOpen: role == .administrator || role == .issuer || role == .participant ? .own : .none
    case .assetDefine, .assetIssue, .assetRetire, .assetCap: role == .issuer ? .own : .none
    case .recordAnchor: role == .notary ? .own : .none
    case .accountClose, .assetTransfer, .assetHandOver, .holdPlace, .holdCapture, .holdRelease: .own
    case .validatorUpdate: role == .administrator ? .all : .own
    }
  }
}
