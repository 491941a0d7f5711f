internal import Primitives

/// What is being verified of each statement, and the votes and certificates that are put aside because verifying them
/// could change nothing: enough others are being verified, or the statement has its certificate (R8).
///
/// A vote is kept so that its signer can still be shown to contradict itself (R6): one of each signer and statement,
/// until its round is pruned. A certificate is kept only while another one, or votes, for the same statement are being
/// verified.
struct VerificationBacklog {
  private struct Place {
    let statement: Statement
    var checkedVotes: [Vote] = []
    var checkedCertificates = 0
    var votes: [SentVote] = []
    var certificates: [SentCertificate] = []

    var isEmpty: Bool { checkedVotes.isEmpty && checkedCertificates == 0 && votes.isEmpty && certificates.isEmpty }
  }

  /// A few statements per round: those that validators may make there without contradicting themselves.
  private var rounds: [Round: [Place]] = [:]

  /// How many votes for `statement` are being verified, or `quorum` if a certificate of it is.
  func underWay(_ statement: Statement, quorum: Int) -> Int {
    guard let place = place(of: statement) else { return 0 }
    return place.checkedCertificates > 0 ? quorum : place.checkedVotes.count
  }

  /// Whether a vote of the same signer for the same statement is put aside.
  func has(_ vote: Vote) -> Bool {
    place(of: vote.statement)?.votes.contains { $0.vote.signer == vote.signer } ?? false
  }

  /// Whether a vote of the same signer for the same statement is being verified.
  func isChecking(_ vote: Vote) -> Bool {
    place(of: vote.statement)?.checkedVotes.contains { $0.signer == vote.signer } ?? false
  }

  /// Whether a vote of the same signer that contradicts this one is being verified.
  func contradicts(_ vote: Vote) -> Bool {
    rounds[vote.statement.round]?.contains { place in
      place.statement.contradicts(vote.statement) && place.checkedVotes.contains { $0.signer == vote.signer }
    } ?? false
  }

  /// Removes and returns the signer's votes that were put aside and contradict this one.
  mutating func removeContrary(to vote: Vote) -> [SentVote] {
    var contrary: [SentVote] = []
    for place in rounds[vote.statement.round] ?? [] where place.statement.contradicts(vote.statement) {
      for other in place.votes where other.vote.signer == vote.signer {
        contrary.append(other)
        change(place.statement) { $0.votes.removeAll { $0 == other } }
      }
    }
    return contrary
  }

  mutating func put(_ vote: Vote, from peer: PeerID) {
    change(vote.statement) { $0.votes.append(SentVote(vote: vote, peer: peer)) }
  }

  /// Puts a certificate aside; at most one of each peer is kept.
  mutating func put(_ certificate: Certificate, from peer: PeerID) {
    change(certificate.statement) { place in
      guard !place.certificates.contains(where: { $0.peer == peer }) else { return }
      place.certificates.append(SentCertificate(certificate: certificate, peer: peer))
    }
  }

  mutating func begin(_ vote: Vote) { change(vote.statement) { $0.checkedVotes.append(vote) } }

  mutating func end(_ vote: Vote) {
    change(vote.statement) { place in
      if let index = place.checkedVotes.firstIndex(of: vote) { place.checkedVotes.remove(at: index) }
    }
  }

  mutating func beginCertificate(of statement: Statement) { change(statement) { $0.checkedCertificates += 1 } }

  mutating func endCertificate(of statement: Statement) { change(statement) { $0.checkedCertificates -= 1 } }

  /// Removes and returns the next vote that was put aside.
  mutating func nextVote(for statement: Statement) -> SentVote? {
    var vote: SentVote?
    change(statement) { vote = $0.votes.popLast() }
    return vote
  }

  /// Removes and returns the certificates that were put aside.
  mutating func removeCertificates(of statement: Statement) -> [SentCertificate] {
    var certificates: [SentCertificate] = []
    change(statement) { place in
      certificates = place.certificates
      place.certificates = []
    }
    return certificates
  }

  /// Forgets what was put aside in rounds before `round`. Verifications under way there still complete.
  mutating func prune(below round: Round) {
    for old in rounds.keys where old < round {
      rounds[old]?.removeAll { $0.checkedVotes.isEmpty && $0.checkedCertificates == 0 }
      if rounds[old]?.isEmpty ?? true { rounds[old] = nil }
    }
  }

  /// The total number of votes and certificates put aside.
  var count: Int { rounds.values.joined().reduce(0) { $0 + $1.votes.count + $1.certificates.count } }

  private func place(of statement: Statement) -> Place? { rounds[statement.round]?.first { $0.statement == statement } }

  private mutating func change(_ statement: Statement, _ body: (inout Place) -> Void) {
    let round = statement.round
    let index = rounds[round]?.firstIndex { $0.statement == statement } ?? rounds[round]?.count ?? 0
    if index == rounds[round]?.count ?? 0 { rounds[round, default: []].append(Place(statement: statement)) }
    body(&rounds[round, default: []][index])
    if rounds[round]?[index].isEmpty ?? true { rounds[round]?.remove(at: index) }
    if rounds[round]?.isEmpty ?? true { rounds[round] = nil }
  }
}
