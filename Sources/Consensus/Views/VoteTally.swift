import Primitives

/// The votes of one kind in one view, grouped by statement.
///
/// Each signer has one vote. A signer that makes two different statements counts for neither, now or later (R6).
/// Votes are compared by statement, because some suites randomise signatures, so that the bytes of an honest
/// repetition differ.
struct VoteTally: Sendable {
  enum Intake: Equatable {
    /// The vote is new and counts.
    case counted
    /// The same vote was counted before.
    case repeated
    /// The vote contradicts this earlier one; neither counts.
    case conflict(with: Vote)
    /// The signer contradicted itself before.
    case excluded
  }

  /// Votes for the same statement, in ascending order of signers.
  private struct Group: Sendable {
    var statement: Statement
    var votes: [Vote]
  }

  private var groups: [Group] = []
  private(set) var signers = SignerSet()
  private(set) var excluded = SignerSet()

  mutating func add(_ vote: Vote) -> Intake {
    if Mutation.countSignerTwice.isOn, !excluded.contains(vote.signer) { signers.remove(vote.signer) }
    if excluded.contains(vote.signer) { return .excluded }
    if signers.contains(vote.signer) {
      guard let earlier = self.vote(of: vote.signer) else { return .excluded }
      if earlier.statement == vote.statement { return .repeated }
      exclude(vote.signer)
      return .conflict(with: earlier)
    }
    signers.insert(vote.signer)
    if let place = groups.firstIndex(where: { agrees($0.statement, vote.statement) }) {
      let position = groups[place].votes.firstIndex { vote.signer < $0.signer } ?? groups[place].votes.endIndex
      groups[place].votes.insert(vote, at: position)
    } else {
      groups.append(Group(statement: vote.statement, votes: [vote]))
    }
    return .counted
  }

  private func agrees(_ statement: Statement, _ other: Statement) -> Bool {
    if Mutation.addUpResults.isOn { return true }
    return statement == other
  }

  /// The counted vote of `signer`.
  func vote(of signer: ValidatorIndex) -> Vote? {
    guard signers.contains(signer) else { return nil }
    for group in groups {
      if let vote = group.votes.first(where: { $0.signer == signer }) { return vote }
    }
    return nil
  }

  /// Removes the signer's vote and never counts another one.
  mutating func exclude(_ signer: ValidatorIndex) {
    excluded.insert(signer)
    signers.remove(signer)
    for place in groups.indices { groups[place].votes.removeAll { $0.signer == signer } }
    groups.removeAll { $0.votes.isEmpty }
  }

  /// The number of counted votes for `statement`.
  func count(of statement: Statement) -> Int {
    groups.first { $0.statement == statement }?.votes.count ?? 0
  }

  /// The statement that at least `count` signers made, if there is one.
  func statement(of count: Int) -> Statement? { groups.first { $0.votes.count >= count }?.statement }

  /// The signers of the counted votes for statements that `isWanted`.
  func signers(_ isWanted: (Statement) -> Bool) -> [ValidatorIndex] {
    groups.filter { isWanted($0.statement) }.flatMap { $0.votes.map(\.signer) }
  }

  /// The certificate of `statement`, assembled from exactly `quorum` votes, those of the lowest indices (R8); nil if
  /// there are fewer.
  func certificate(of statement: Statement, quorum: Int) -> Certificate? {
    guard let group = groups.first(where: { $0.statement == statement }), group.votes.count >= quorum else {
      return nil
    }
    let votes = group.votes.prefix(quorum)
    return Certificate(statement: statement, signers: votes.map(\.signer), signatures: votes.map(\.signature))
  }

  func checkInvariants() {
    var seen = SignerSet()
    for group in groups {
      precondition(!group.votes.isEmpty, "an empty group of votes is kept")
      for (position, vote) in group.votes.enumerated() {
        precondition(vote.statement == group.statement, "a vote is counted for a different statement")
        precondition(!seen.contains(vote.signer), "signer \(vote.signer) is counted twice")
        precondition(
          position == 0 || group.votes[position - 1].signer < vote.signer, "votes are not ascending by signer")
        seen.insert(vote.signer)
      }
    }
    precondition(seen == signers, "the set of signers is not that of the counted votes")
  }
}
