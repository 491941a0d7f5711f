internal import Primitives

/// What is being checked of each statement, and the votes and certificates that are put aside because checking them
/// could change nothing: what is being checked is enough, or their statement has its certificate (R8).
///
/// A vote is kept so that its signer can still be shown to contradict itself (R6): one of each signer and statement, until
/// its view is pruned. A certificate is kept only while another one or votes for the same are being checked.
struct VerificationBacklog {
  /// A certificate, and who sent it.
  struct Sent {
    var certificate: Certificate
    var peer: PeerID
  }

  private struct Place {
    let statement: Statement
    var checkedVotes: [Vote] = []
    var checkedCertificates = 0
    var votes: [Vote] = []
    var certificates: [Sent] = []

    var isEmpty: Bool { checkedVotes.isEmpty && checkedCertificates == 0 && votes.isEmpty && certificates.isEmpty }
  }

  /// A few statements a view: what validators may say there that is not contradicted.
  private var views: [View: [Place]] = [:]

  /// How many votes for `statement` are being checked, or `quorum` if a certificate of it is.
  func underWay(_ statement: Statement, quorum: Int) -> Int {
    guard let place = place(of: statement) else { return 0 }
    return place.checkedCertificates > 0 ? quorum : place.checkedVotes.count
  }

  /// Whether the signer's vote for the same is put aside.
  func has(_ vote: Vote) -> Bool {
    place(of: vote.statement)?.votes.contains { $0.signer == vote.signer } ?? false
  }

  /// Whether the signer's vote for the same is being checked.
  func isChecking(_ vote: Vote) -> Bool {
    place(of: vote.statement)?.checkedVotes.contains { $0.signer == vote.signer } ?? false
  }

  /// Whether a vote that is being checked says otherwise than this one of the same signer.
  func contradicts(_ vote: Vote) -> Bool {
    views[vote.statement.view]?.contains { place in
      place.statement.contradicts(vote.statement) && place.checkedVotes.contains { $0.signer == vote.signer }
    } ?? false
  }

  /// Takes out the signer's votes that were put aside and say otherwise.
  mutating func takeContrary(to vote: Vote) -> [Vote] {
    var contrary: [Vote] = []
    for place in views[vote.statement.view] ?? [] where place.statement.contradicts(vote.statement) {
      for other in place.votes where other.signer == vote.signer {
        contrary.append(other)
        change(place.statement) { $0.votes.removeAll { $0 == other } }
      }
    }
    return contrary
  }

  mutating func put(_ vote: Vote) { change(vote.statement) { $0.votes.append(vote) } }

  /// Puts a certificate aside, one of each peer.
  mutating func put(_ certificate: Certificate, from peer: PeerID) {
    change(certificate.statement) { place in
      guard !place.certificates.contains(where: { $0.peer == peer }) else { return }
      place.certificates.append(Sent(certificate: certificate, peer: peer))
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

  /// The next vote that was put aside.
  mutating func nextVote(for statement: Statement) -> Vote? {
    var vote: Vote?
    change(statement) { vote = $0.votes.popLast() }
    return vote
  }

  /// The certificates that were put aside; none is left.
  mutating func takeCertificates(of statement: Statement) -> [Sent] {
    var certificates: [Sent] = []
    change(statement) { place in
      certificates = place.certificates
      place.certificates = []
    }
    return certificates
  }

  /// Forgets what was put aside of views below `view`. What is being checked there comes to its end.
  mutating func prune(below view: View) {
    for old in views.keys where old < view {
      views[old]?.removeAll { $0.checkedVotes.isEmpty && $0.checkedCertificates == 0 }
      if views[old]?.isEmpty ?? true { views[old] = nil }
    }
  }

  /// Votes and certificates put aside, all in all.
  var count: Int { views.values.joined().reduce(0) { $0 + $1.votes.count + $1.certificates.count } }

  private func place(of statement: Statement) -> Place? { views[statement.view]?.first { $0.statement == statement } }

  private mutating func change(_ statement: Statement, _ body: (inout Place) -> Void) {
    let view = statement.view
    let index = views[view]?.firstIndex { $0.statement == statement } ?? views[view]?.count ?? 0
    if index == views[view]?.count ?? 0 { views[view, default: []].append(Place(statement: statement)) }
    body(&views[view, default: []][index])
    if views[view]?[index].isEmpty ?? true { views[view]?.remove(at: index) }
    if views[view]?.isEmpty ?? true { views[view] = nil }
  }
}
