/// What a validator with a valid key may do to harm the others. The raw values are the names on the command line.
enum HostilePlay: String, CaseIterable, Codable, Sendable {
  // MARK: What nobody can prove

  /// It keeps its links and reports its status, and does none of a validator's work.
  case idle
  /// Valid transactions that were sent before.
  case resubmissions
  /// Cheap questions with expensive answers, all of which it reads.
  case questions
  /// The same questions, and it never reads an answer.
  case deaf
  /// False statuses, old manifests and wrong chunks as answers, and other questions that stay unanswered.
  case lies
  /// Everything that it receives, sent to everybody.
  case echo
  /// Each link is closed as soon as it is open, and made again.
  case churn
  /// It leads and votes, but its proposals do not reach the next leader, and it never votes finalize.
  case starve
  /// It does all of a validator's work, but what it sends to a node that was away arrives a few bytes at a time, so that
  /// no answer is complete before that node must ask others.
  case drip

  // MARK: What proves itself

  /// Frames of every kind and of unknown kinds with random bytes, and genuine frames with some bytes changed.
  case garbage
  /// Votes with random signatures, for the final, the current, the next and far views.
  case forgedVotes = "forged-votes"
  /// Correctly signed votes that contradict each other, without end, in the final, the current and the next view.
  case contradictions
  /// Correctly signed proposals that can never be valid: a committed height, an unknown parent, a block that is
  /// withheld, three in one view, and blocks full of invalid signatures.
  case proposals
  /// Certificates with random signatures, alone and under ranges of genuine blocks.
  case forgedCertificates = "forged-certificates"
  /// Transactions with invalid signatures.
  case badTransactions = "bad-transactions"
  /// All of these at random, except those that need all links at once.
  case mixed

  /// Whether everybody can prove that what it sends is wrong, so that it must be named.
  var isProvable: Bool {
    switch self {
    case .garbage, .forgedVotes, .contradictions, .proposals, .forgedCertificates, .badTransactions, .mixed: true
    case .idle, .resubmissions, .questions, .deaf, .lies, .echo, .churn, .starve, .drip: false
    }
  }

  /// The plays of which `mixed` consists.
  static let mixable: [HostilePlay] = [
    .garbage, .forgedVotes, .contradictions, .proposals, .forgedCertificates, .badTransactions, .resubmissions,
    .questions, .lies, .echo, .starve,
  ]

  /// Reads a list such as `garbage,churn`.
  static func list(_ text: String) throws(ChaosError) -> [HostilePlay] {
    var plays: [HostilePlay] = []
    for part in text.split(separator: ",") {
      guard let play = HostilePlay(rawValue: String(part)) else { throw .unknownPlay(String(part)) }
      plays.append(play)
    }
    return plays
  }
}
