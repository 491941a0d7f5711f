internal import Cryptography
internal import Ledger
internal import Primitives

/// What the machines of a replica share during a step: the time, the effects for the shell, the log positions and the
/// tickets of pending verifications.
struct StepContext: ~Copyable {
  private(set) var configuration: ReplicaConfiguration
  var now: Now
  var effects = ReplicaEffects()
  var hash: HashFunction
  var tickets = VerificationTickets()
  /// Whether the frame that is being handled was of use.
  var isUseful = false
  /// Positions of the last record handed to the shell and of the last one known to be durable.
  private(set) var appended: LogPosition
  private(set) var durable: LogPosition
  private var backlog: LogBacklog

  /// - Parameter position: the position of the last record of the log, which is durable.
  init(configuration: ReplicaConfiguration, position: LogPosition, now: Now) {
    self.configuration = configuration
    self.now = now
    hash = HashFunction(configuration.chain.suite)
    appended = position
    durable = position
    backlog = LogBacklog(bounds: configuration.logBacklog)
  }

  /// Whether the log must become durable further before more blocks are taken.
  var isLogBehind: Bool { backlog.isFull }

  var chain: ChainContext { configuration.chain }

  /// The running epoch.
  var epoch: Epoch { configuration.validators.epoch }

  /// The round of a view in the running epoch.
  func round(_ view: View) -> Round { Round(epoch: epoch, view: view) }

  /// The validators of an epoch, as far as they are known; those of an epoch to come if its closings were fetched.
  func validators(of wanted: Epoch, _ book: borrowing ClosingBook) -> ValidatorSet? {
    if wanted == epoch { return configuration.validators }
    if wanted == .first { return configuration.firstValidators }
    return book.leading(to: wanted)?.configuration.validatorSet(of: wanted)
  }

  /// Begins an epoch. What is being checked of the one before is not answered any more; transactions are.
  mutating func begin(_ validators: ValidatorSet, leaderTimeoutMilliseconds: UInt32) {
    configuration.begin(validators, leaderTimeoutMilliseconds: leaderTimeoutMilliseconds)
    tickets.forgetEpoch()
  }

  mutating func list(_ nodes: [String]) { configuration.list(nodes) }
  mutating func hold(_ key: PublicKey) { configuration.hold(key) }
  mutating func drop(_ key: PublicKey) { configuration.drop(key) }

  /// The tick `microseconds` from now.
  func tick(in microseconds: UInt64) -> Tick { now.tick.advanced(byMicroseconds: microseconds) }

  // MARK: Effects

  /// Appends a record and returns its position, to be used as a stamp.
  @discardableResult
  mutating func append(_ record: PendingRecord) -> LogPosition {
    appended = LogPosition(appended.rawValue + 1)
    backlog.append(record, at: appended)
    effects.records.append(record)
    return appended
  }

  /// Notes that the log is durable up to `position`. Returns false if that was already known.
  mutating func advanceDurable(to position: LogPosition) -> Bool {
    guard position > durable else { return false }
    precondition(position <= appended, "durable position \(position) is beyond the last record \(appended)")
    durable = position
    backlog.advance(to: position)
    return true
  }

  mutating func send(_ message: PeerMessage, to audience: Audience, after position: LogPosition = .start) {
    guard configuration.peers.count > 1 || configuration.own == nil else { return }
    effects.sends.append(Send(to: audience, frame: message.encoded(), after: position))
  }

  mutating func notice(_ notice: Notice) { effects.notices.append(notice) }

  mutating func answer(_ token: SubmissionToken, _ answer: Result<Acceptance, SubmissionRefusal>) {
    effects.answers.append(SubmissionAnswer(token: token, answer: answer))
  }

  /// Has signatures verified. The answer arrives under the returned ticket.
  @discardableResult
  mutating func verify(_ items: [VerificationItem], for work: PendingWork) -> Ticket {
    isUseful = true
    let ticket = tickets.issue(work)
    effects.verifications.append(
      VerificationRequest(ticket: ticket, items: items, urgency: work.urgency, peer: work.source))
    return ticket
  }

  // MARK: Blame

  mutating func blame(_ peer: PeerID, _ error: some ExplainedError) {
    notice(.misbehaved(peer, code: error.code, explanation: error.explanation))
  }

  mutating func blame(_ peer: PeerID, _ code: String, _ explanation: String) {
    notice(.misbehaved(peer, code: code, explanation: explanation))
  }

  func checkInvariants() {
    tickets.checkInvariants()
    backlog.checkInvariants()
    precondition(durable <= appended, "durable \(durable) is beyond appended \(appended)")
  }
}
