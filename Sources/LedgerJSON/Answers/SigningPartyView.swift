public import Ledger

/// A member that must sign, or the administrators together.
public struct SigningPartyView: Codable, Hashable, Sendable {
  /// Absent for the administrators.
  public var member: Name?
  /// How many of the member's keys have signed, or how many administrators act.
  public var signed: Int
  /// How many must; absent if there is no such member.
  public var threshold: Int?
  /// Whether these are enough.
  public var acts: Bool
  /// Present if the member is suspended.
  public var suspended: Bool?
  /// The administrators that have signed with at least one key; absent for a member.
  public var signers: [SigningPartyView]?

  public init(_ party: SigningParty) {
    switch party {
    case .member(let member):
      self.member = member.name
      signed = member.signed
      threshold = member.threshold
      suspended = member.isSuspended ? true : nil
    case .administrators(let acting, let threshold, let signers):
      signed = acting
      self.threshold = threshold
      self.signers = signers.map { SigningPartyView(.member($0)) }
    }
    acts = party.acts
  }
}
