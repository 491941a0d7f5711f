/// Who must sign for an operation: a member, or the administrators together.
public enum SigningParty: Hashable, Sendable {
  case member(SigningMember)
  /// So many administrators act, and so many must. `signers` are those that have signed with at least one key.
  case administrators(acting: Int, threshold: Int, signers: [SigningMember])

  /// Whether it has signed as far as is needed.
  public var acts: Bool {
    switch self {
    case .member(let member): member.acts
    case .administrators(let acting, let threshold, _): acting >= threshold
    }
  }

  /// Whether it has signed at all.
  public var hasBegun: Bool {
    switch self {
    case .member(let member): member.signed > 0
    case .administrators(_, _, let signers): !signers.isEmpty
    }
  }
}
