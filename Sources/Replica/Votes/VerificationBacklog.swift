internal import Primitives

/// What is being verified of each statement, and the votes and certificates that are put aside because verifying them
/// could change nothing: enough others are being verified, or the statement has its certificate (R8).
///
/// A vote is kept so that its signer can still be shown to contradict itself (R6): one of each signer, kind and round,
/// until its round is pruned. A certificate is kept only while another one, or votes, for the same statement are being
/// verified; at most `Limits.peerAsideCertificates` of each peer. Every look-up is a matter of constant time, because
/// none of this is verified.
struct VerificationBacklog {
  /// The votes of one kind that one signer makes in a round. A correct signer makes one.
  private struct Slot: Hashable {
    var signer: ValidatorIndex
    var kind: Statement.Kind
  }

  /// What a signer said in a slot. A third contradictory statement is refused, so few are checked at a time.
  private struct Said {
    var checked: [Statement] = []
    var aside: SentVote?

    var isEmpty: Bool { checked.isEmpty && aside == nil }
  }

  /// What there is of one statement.
  private struct Support {
    var checkedVotes = 0
    var checkedCertificates = 0
    /// Those whose votes are put aside, in order of arrival.
    var aside: [ValidatorIndex] = []
    var certificates: [SentCertificate] = []

    var isEmpty: Bool { checkedVotes == 0 && checkedCertificates == 0 && aside.isEmpty && certificates.isEmpty }
  }

  private struct Place {
    var said: [Slot: Said] = [:]
    var support: [Statement: Support] = [:]
  }

  private var rounds: [Round: Place] = [:]
  /// The number of certificates of each peer that are put aside.
  private var certificateCounts: [PeerID: Int] = [:]

  // MARK: Look-ups

  private func support(_ statement: Statement) -> Support? { rounds[statement.round]?.support[statement] }

  private func said(_ kind: Statement.Kind, by vote: Vote) -> Said? {
    rounds[vote.statement.round]?.said[Slot(signer: vote.signer, kind: kind)]
  }

  /// How many votes for `statement` are being verified, or `quorum` if a certificate of it is.
  func underWay(_ statement: Statement, quorum: Int) -> Int {
    guard let support = support(statement) else { return 0 }
    return support.checkedCertificates > 0 ? quorum : support.checkedVotes
  }

  /// Whether a vote of the same signer for the same statement is put aside.
  func has(_ vote: Vote) -> Bool { said(vote.statement.kind, by: vote)?.aside?.vote.statement == vote.statement }

  /// Whether a vote of the same signer for the same statement is being verified.
  func isChecking(_ vote: Vote) -> Bool {
    said(vote.statement.kind, by: vote)?.checked.contains(vote.statement) ?? false
  }

  /// How many statements of the same signer that contradict this vote are being verified.
  func checkedContrary(to vote: Vote) -> Int {
    Self.kinds(contradicting: vote.statement.kind).reduce(0) { count, kind in
      count + (said(kind, by: vote)?.checked.count { $0.contradicts(vote.statement) } ?? 0)
    }
  }

  /// Whether a vote of the same signer that contradicts this one is put aside.
  func hasContrary(to vote: Vote) -> Bool {
    Self.kinds(contradicting: vote.statement.kind).contains { kind in
      said(kind, by: vote)?.aside?.vote.statement.contradicts(vote.statement) ?? false
    }
  }

  /// The kinds in which a signer can contradict a vote of `kind`.
  private static func kinds(contradicting kind: Statement.Kind) -> [Statement.Kind] {
    kind == .notarize ? [.notarize] : [.nullify, .finalize]
  }

  /// The total number of votes and certificates put aside.
  var count: Int {
    let votes = rounds.values.reduce(0) { $0 + $1.said.values.count { $0.aside != nil } }
    return certificateCounts.values.reduce(votes, +)
  }

  // MARK: Votes

  /// Puts a vote aside. The signer must have no other vote of its kind and round here.
  mutating func put(_ vote: Vote, from peer: PeerID) {
    change(vote) { said, support in
      precondition(said.aside == nil, "two \(vote.statement.kind) votes of signer \(vote.signer) are put aside")
      said.aside = SentVote(vote: vote, peer: peer)
      support.aside.append(vote.signer)
    }
  }

  mutating func begin(_ vote: Vote) {
    change(vote) { said, support in
      said.checked.append(vote.statement)
      support.checkedVotes += 1
    }
  }

  mutating func end(_ vote: Vote) {
    change(vote) { said, support in
      guard let index = said.checked.firstIndex(of: vote.statement) else { return }
      said.checked.remove(at: index)
      support.checkedVotes -= 1
    }
  }

  /// Removes and returns the signer's votes that were put aside and contradict this one: at most one of each kind.
  mutating func removeContrary(to vote: Vote) -> [SentVote] {
    var contrary: [SentVote] = []
    for kind in Self.kinds(contradicting: vote.statement.kind) {
      guard let sent = said(kind, by: vote)?.aside, sent.vote.statement.contradicts(vote.statement) else { continue }
      contrary.append(sent)
      change(sent.vote) { said, support in
        said.aside = nil
        support.aside.removeAll { $0 == vote.signer }
      }
    }
    return contrary
  }

  /// Removes and returns the next vote that was put aside.
  mutating func nextVote(for statement: Statement) -> SentVote? {
    guard let signer = support(statement)?.aside.last,
      let sent = rounds[statement.round]?.said[Slot(signer: signer, kind: statement.kind)]?.aside
    else { return nil }
    change(sent.vote) { said, support in
      said.aside = nil
      support.aside.removeLast()
    }
    return sent
  }

  // MARK: Certificates

  mutating func beginCertificate(of statement: Statement) { change(statement) { $0.checkedCertificates += 1 } }

  mutating func endCertificate(of statement: Statement) { change(statement) { $0.checkedCertificates -= 1 } }

  /// Puts a certificate aside; at most one of each peer is kept for a statement. One that is not kept is sent again
  /// when it is asked for.
  mutating func put(_ certificate: Certificate, from peer: PeerID) {
    guard certificateCounts[peer, default: 0] < Limits.peerAsideCertificates,
      !(support(certificate.statement)?.certificates.contains { $0.peer == peer } ?? false)
    else { return }
    certificateCounts[peer, default: 0] += 1
    change(certificate.statement) { $0.certificates.append(SentCertificate(certificate: certificate, peer: peer)) }
  }

  /// Removes and returns the certificates that were put aside.
  mutating func removeCertificates(of statement: Statement) -> [SentCertificate] {
    guard let certificates = support(statement)?.certificates, !certificates.isEmpty else { return [] }
    change(statement) { $0.certificates = [] }
    forget(certificates)
    return certificates
  }

  private mutating func forget(_ certificates: [SentCertificate]) {
    for sent in certificates {
      let count = certificateCounts[sent.peer, default: 1] - 1
      certificateCounts[sent.peer] = count == 0 ? nil : count
    }
  }

  // MARK: Rounds

  /// Forgets the votes that were put aside in rounds before `round`. What is being verified there still completes, and
  /// the certificates that wait for it with it.
  mutating func prune(below round: Round) {
    for (old, place) in rounds where old < round {
      var kept = Place()
      kept.said = place.said.compactMapValues { $0.checked.isEmpty ? nil : Said(checked: $0.checked) }
      for (statement, support) in place.support {
        var rest = support
        rest.aside = []
        if !rest.isEmpty { kept.support[statement] = rest }
      }
      rounds[old] = kept.said.isEmpty && kept.support.isEmpty ? nil : kept
    }
  }

  private mutating func change(_ vote: Vote, _ body: (inout Said, inout Support) -> Void) {
    let slot = Slot(signer: vote.signer, kind: vote.statement.kind)
    change(at: vote.statement.round) { place in
      body(&place.said[slot, default: Said()], &place.support[vote.statement, default: Support()])
      if place.said[slot]?.isEmpty ?? true { place.said[slot] = nil }
      if place.support[vote.statement]?.isEmpty ?? true { place.support[vote.statement] = nil }
    }
  }

  private mutating func change(_ statement: Statement, _ body: (inout Support) -> Void) {
    change(at: statement.round) { place in
      body(&place.support[statement, default: Support()])
      if place.support[statement]?.isEmpty ?? true { place.support[statement] = nil }
    }
  }

  private mutating func change(at round: Round, _ body: (inout Place) -> Void) {
    body(&rounds[round, default: Place()])
    if let place = rounds[round], place.said.isEmpty, place.support.isEmpty { rounds[round] = nil }
  }

  func checkInvariants() {
    var aside: [ValidatorIndex: Int] = [:]
    var certificates: [PeerID: Int] = [:]
    for (round, place) in rounds {
      precondition(!place.said.isEmpty || !place.support.isEmpty, "round \(round) is kept for nothing")
      for (slot, said) in place.said {
        precondition(!said.isEmpty, "a slot of signer \(slot.signer) is kept for nothing")
        precondition(said.checked.count <= 2, "\(said.checked.count) statements of signer \(slot.signer) in one slot")
        if let sent = said.aside {
          aside[slot.signer, default: 0] += 1
          let isListed = place.support[sent.vote.statement]?.aside.contains(slot.signer) ?? false
          precondition(isListed, "a vote of signer \(slot.signer) that was put aside cannot be found")
        }
      }
      for support in place.support.values {
        for sent in support.certificates { certificates[sent.peer, default: 0] += 1 }
      }
    }
    let limit = Limits.asideViews * Statement.Kind.allCases.count
    precondition(aside.values.allSatisfy { $0 <= limit }, "votes put aside of each signer: \(aside)")
    precondition(certificates == certificateCounts, "certificates \(certificates), counted \(certificateCounts)")
    precondition(certificates.values.allSatisfy { $0 <= Limits.peerAsideCertificates }, "certificates: \(certificates)")
  }
}
