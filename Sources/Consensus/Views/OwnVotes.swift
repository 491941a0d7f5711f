import Primitives

/// What this validator said in one view. This memory keeps it from contradicting itself (R20, R21).
struct OwnVotes: Sendable {
  /// Set when the vote is decided, before it is signed or stored.
  private(set) var notarized: Proposal?
  private(set) var nullified = false
  private(set) var finalized: Statement?
  /// The votes whose records are durable, to be sent again unchanged. At most one of each kind.
  private(set) var stored: [Vote] = []

  var mayNotarize: Bool { notarized == nil && !nullified && finalized == nil }
  var mayNullify: Bool { !nullified && finalized == nil }
  var mayFinalize: Bool {
    if Mutation.finalizeAfterNullify.isOn { return finalized == nil }
    return !nullified && finalized == nil
  }

  func knows(_ statement: Statement) -> Bool {
    switch statement {
    case .notarize(let proposal): notarized == proposal
    case .nullify: nullified
    case .finalize: finalized == statement
    }
  }

  /// Whether this validator may still vote for `statement`.
  func allows(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .notarize: mayNotarize
    case .nullify: mayNullify
    case .finalize: mayFinalize
    }
  }

  mutating func make(_ statement: Statement) {
    precondition(allows(statement), "\(statement) after \(self)")
    remember(statement)
  }

  /// Restores a vote found in the log. Returns false if it contradicts another vote there; this program never writes
  /// such a log.
  mutating func restore(_ vote: Vote) -> Bool {
    if knows(vote.statement) { return true }
    guard restore(vote.statement) else { return false }
    stored.append(vote)
    return true
  }

  /// The same without a signature, so that it is not sent again.
  mutating func restore(_ statement: Statement) -> Bool {
    if knows(statement) { return true }
    // Here a notarize may follow a nullify, because the order in the log does not matter.
    let fits =
      switch statement.kind {
      case .notarize: notarized == nil
      case .nullify: mayNullify
      case .finalize: mayFinalize
      }
    if fits { remember(statement) }
    return fits
  }

  /// Stores a decided vote whose record is durable. Returns false if it was stored before or never decided.
  mutating func store(_ vote: Vote) -> Bool {
    guard knows(vote.statement), !stored.contains(where: { $0.statement == vote.statement }) else { return false }
    stored.append(vote)
    return true
  }

  private mutating func remember(_ statement: Statement) {
    switch statement {
    case .notarize(let proposal): notarized = proposal
    case .nullify: nullified = true
    case .finalize: finalized = statement
    }
  }

  func checkInvariants() {
    precondition(!(nullified && finalized != nil), "nullify and finalize in one view")
    for vote in stored { precondition(knows(vote.statement), "a stored vote was never decided") }
  }
}
