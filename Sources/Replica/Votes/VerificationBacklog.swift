internal import Primitives

/// What is being verified of each statement, and the votes and certificates that are put aside because verifying them
/// could change nothing: enough others are being verified, or the statement has its certificate (R8).
///
/// A vote is kept so that its signer can still be shown to contradict itself (R6): one of each signer, kind and round,
/// until its round is pruned. A certificate is kept only while another one, or votes, for the same statement are being
/// verified; at most `Limits.peerAsideCertificates` of each peer. A look-up takes the same time however much is kept of a
/// round, because none of this is verified.
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

  /// What there is of one round.
  private struct Place {
    let round: Round
    var said: [Slot: Said] = [:]
    var support: [Statement: Support] = [:]

    var isEmpty: Bool { said.isEmpty && support.isEmpty }

    /// The same without what is put aside and waits for nothing.
    var withoutAside: Place {
      var kept = Place(round: round)
      kept.said = said.compactMapValues { $0.checked.isEmpty ? nil : Said(checked: $0.checked) }
      for (statement, support) in support {
        var rest = support
        rest.aside = []
        if !rest.isEmpty { kept.support[statement] = rest }
      }
      return kept
    }
  }

  /// What is known of a vote's signer that decides what to do with the vote.
  struct Bearing: Equatable {
    /// Whether a vote for the same statement is being verified, and whether one is put aside.
    var isChecking = false
    var isAside = false
    /// How many statements that contradict the vote are being verified, and whether one is put aside.
    var checkedContrary = 0
    var hasContraryAside = false
  }

  /// In ascending order of rounds. There are few of them, because old ones are pruned.
  private var places: [Place] = []
  /// The number of certificates of each peer that are put aside.
  private var certificateCounts: [PeerID: Int] = [:]

  // MARK: Look-ups

  /// The first position whose round is not before `round`. Most questions are about the newest rounds.
  private func position(of round: Round) -> Int {
    if let last = places.last, last.round < round { return places.count }
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle].round < round { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func index(of round: Round) -> Int? {
    let position = position(of: round)
    return position < places.count && places[position].round == round ? position : nil
  }

  private func support(_ statement: Statement) -> Support? {
    index(of: statement.round).flatMap { places[$0].support[statement] }
  }

  private func aside(_ kind: Statement.Kind, of signer: ValidatorIndex, in round: Round) -> SentVote? {
    index(of: round).flatMap { places[$0].said[Slot(signer: signer, kind: kind)]?.aside }
  }

  /// How many votes for `statement` are being verified, or `quorum` if a certificate of it is.
  func underWay(_ statement: Statement, quorum: Int) -> Int {
    guard let support = support(statement) else { return 0 }
    return support.checkedCertificates > 0 ? quorum : support.checkedVotes
  }

  /// What is being verified or put aside of the vote's signer.
  func bearing(on vote: Vote) -> Bearing {
    var bearing = Bearing()
    guard let index = index(of: vote.statement.round) else { return bearing }
    for kind in Self.kinds(bearingOn: vote.statement.kind) {
      guard let said = places[index].said[Slot(signer: vote.signer, kind: kind)] else { continue }
      for statement in said.checked {
        if statement == vote.statement { bearing.isChecking = true }
        if statement.contradicts(vote.statement) { bearing.checkedContrary += 1 }
      }
      guard let aside = said.aside?.vote.statement else { continue }
      if aside == vote.statement { bearing.isAside = true }
      if aside.contradicts(vote.statement) { bearing.hasContraryAside = true }
    }
    return bearing
  }

  /// The kinds in which a signer can say the same as a vote of `kind`, or contradict it.
  private static func kinds(bearingOn kind: Statement.Kind) -> [Statement.Kind] {
    kind == .notarize ? [.notarize] : [.nullify, .finalize]
  }

  /// The total number of votes and certificates put aside.
  var count: Int {
    let votes = places.reduce(0) { $0 + $1.said.values.count { $0.aside != nil } }
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
    for kind in Self.kinds(bearingOn: vote.statement.kind) {
      guard let sent = aside(kind, of: vote.signer, in: vote.statement.round),
        sent.vote.statement.contradicts(vote.statement)
      else { continue }
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
      let sent = aside(statement.kind, of: signer, in: statement.round)
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
    let end = position(of: round)
    places.replaceSubrange(..<end, with: places[..<end].map(\.withoutAside).filter { !$0.isEmpty })
  }

  private mutating func change(_ vote: Vote, _ body: (inout Said, inout Support) -> Void) {
    let slot = Slot(signer: vote.signer, kind: vote.statement.kind)
    change(at: vote.statement.round) { place in
      let (isSaidEmpty, isSupportEmpty) = Self.change(
        &place.said[slot, default: Said()], &place.support[vote.statement, default: Support()], body)
      if isSaidEmpty { place.said[slot] = nil }
      if isSupportEmpty { place.support[vote.statement] = nil }
    }
  }

  private static func change(
    _ said: inout Said, _ support: inout Support, _ body: (inout Said, inout Support) -> Void
  ) -> (isSaidEmpty: Bool, isSupportEmpty: Bool) {
    body(&said, &support)
    return (said.isEmpty, support.isEmpty)
  }

  private mutating func change(_ statement: Statement, _ body: (inout Support) -> Void) {
    change(at: statement.round) { place in
      body(&place.support[statement, default: Support()])
      if place.support[statement]?.isEmpty ?? true { place.support[statement] = nil }
    }
  }

  private mutating func change(at round: Round, _ body: (inout Place) -> Void) {
    let position = position(of: round)
    if position == places.count || places[position].round != round {
      places.insert(Place(round: round), at: position)
    }
    body(&places[position])
    if places[position].isEmpty { places.remove(at: position) }
  }

  func checkInvariants() {
    var aside: [ValidatorIndex: Int] = [:]
    var certificates: [PeerID: Int] = [:]
    for (position, place) in places.enumerated() {
      precondition(position == 0 || places[position - 1].round < place.round, "rounds are not ascending")
      precondition(!place.isEmpty, "round \(place.round) is kept for nothing")
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
