package import Primitives
package import Replica

/// Turns what a node sees into findings. Reads no clock and does no I/O: the shell passes in what happened and what it
/// observed, with the time.
package struct Diagnosis: Sendable {
  /// What the operator's settings say that others might not expect.
  package struct Choices: Equatable, Sendable {
    package var isAPIInsecure = false
    /// Whether old blocks are removed without a copy.
    package var prunesWithoutArchive = false

    package init() {}
  }

  private var participation = Participation()
  private var quorum: QuorumWatch
  private var leaders: LeaderWatch
  private var clocks: ClockWatch
  private var machine = MachineWatch()
  private var backlog = BacklogWatch()
  package private(set) var misbehaviour = MisbehaviourWatch()
  private var running: RunningEpoch
  private var choices = Choices()
  private var begun = Tick(0)
  /// The time of the last final block.
  private var lastTime: Timestamp?

  /// - Parameter height: the last final height when the node starts.
  package init(_ running: RunningEpoch, height: Height) {
    self.running = running
    quorum = QuorumWatch(running, height: height)
    leaders = LeaderWatch(running)
    clocks = ClockWatch(running)
  }

  /// Why the replica has stopped voting until a restart; nil if it has not.
  package var stopReason: StopReason? { participation.stopReason }

  /// Whether nothing keeps a validator from voting.
  package var mayVote: Bool { participation.mayVote }

  /// Whether the node has the blocks that its peers say they have.
  package func isLevel(_ now: Tick) -> Bool { !participation.isFetching && backlog.behind(now) == nil }

  package mutating func note(_ notice: Notice, _ now: Now) {
    participation.note(notice, now.tick)
    switch notice {
    case .beganEpoch(let epoch):
      running = epoch
      quorum.begin(epoch, now.tick)
      leaders.begin(epoch)
      clocks.begin(epoch)
    case .gaveUp(let view, let reason, let isLeaders):
      let leader = Round(epoch: running.epoch, view: view).leader(among: running.validators.count)
      // Turns say nothing of their leaders while this node cannot take part.
      guard isLeaders || leader == running.own, participation.mayVote, quorum.missingQuorum(now.tick) == nil else {
        break
      }
      leaders.gaveUp(view, leader: leader, reason: reason, now.tick)
    // What was final last is then no parent of what becomes final next.
    case .joined: lastTime = nil
    case .timeAhead(let round, let milliseconds):
      guard round.epoch == running.epoch else { break }
      clocks.note(
        now.wall.advanced(byMilliseconds: milliseconds), after: nil,
        of: round.leader(among: running.validators.count), now)
    default: break
    }
  }

  /// Notes whether the running epoch names this node as a validator, with a key that it does not hold.
  package mutating func lackVoteKey(_ lacks: Bool, _ now: Tick) { participation.lackVoteKey(lacks, now) }

  /// Notes from the log that this node votes only above a round, and that no round above it is final.
  package mutating func awaitFinality(above bar: Round, _ now: Tick) { participation.awaitFinality(above: bar, now) }

  /// Notes a block that is final.
  /// - Parameter round: that of its own finalization; nil if it is final through a descendant.
  package mutating func finalized(_ height: Height, _ round: Round?, _ time: Timestamp, _ now: Now) {
    quorum.finalized(height, now.tick)
    if let round {
      participation.finalized(round)
      quorum.finalized(round)
      if round.epoch == running.epoch {
        let leader = round.leader(among: running.validators.count)
        leaders.led(leader)
        if let lastTime { clocks.note(time, after: lastTime, of: leader, now) }
      }
    }
    lastTime = time
  }

  /// Notes that peers can be linked from now on.
  package mutating func begin(_ choices: Choices, _ now: Tick) {
    self.choices = choices
    begun = now
    quorum.begin(now)
  }

  /// Takes over the names of the nodes that may be linked.
  package mutating func list(_ nodes: Set<String>, _ now: Tick) { quorum.list(nodes, now) }

  /// - Parameter fault: why the link ended, if it did.
  package mutating func link(
    _ peer: String, _ isLinked: Bool, because fault: (any ExplainedError)? = nil, _ now: Tick
  ) {
    quorum.link(peer, isLinked, because: fault, now)
    if isLinked { leaders.linked(peer) }
  }

  /// Notes whether anything waits to become final.
  package mutating func work(_ waits: Bool, _ now: Tick) { quorum.work(waits, now) }

  /// Notes that a peer sent something that a correct node never sends.
  /// - Returns: if this belongs into the log, how often it happened since the last time that did; otherwise nil.
  package mutating func misbehaved(_ name: String, code: String, explanation: String, _ now: Tick) -> Int? {
    misbehaviour.note(name, code: code, explanation: explanation, now)
  }

  package mutating func snapshotFailed(_ fault: some ExplainedError, _ now: Tick) { backlog.snapshotFailed(fault, now) }

  package mutating func snapshotMade() { backlog.snapshotMade() }

  package mutating func observe(_ observations: Observations, _ now: Tick) {
    quorum.explain(observations.linkFaults)
    machine.observe(observations, now)
    backlog.observe(observations, faulty: Quorum(validators: running.validators.count).faults, now)
  }

  /// Everything that there is to say now: the worst first, and among equals what is nearer to the cause.
  /// - Parameter index: why the query index does not work; nil if it does.
  package func findings(index: (any ExplainedError)?, _ now: Now) -> [Finding] {
    let tick = now.tick
    var symptoms = participation.symptoms(tick)
    // While a whole state is fetched, the height cannot rise.
    if !participation.isJoining, let behind = backlog.behind(tick) { symptoms.append(behind) }
    if let missing = quorum.missingQuorum(tick) { symptoms.append(missing) }
    // A node that cannot take part sees no progress, and turns that end without a block, for that reason.
    let takesPart = !symptoms.contains { $0.severity == .critical }
    if takesPart, let standstill = quorum.standstill(tick) { symptoms.append(standstill) }
    if let index { symptoms.append(Symptom(index, since: begun, Finding.Subject(.index))) }
    symptoms += clocks.symptoms(tick)
    symptoms += quorum.unreachable(tick)
    if takesPart { symptoms += leaders.symptoms(except: Set(quorum.missing), tick) }
    symptoms += misbehaviour.symptoms(tick)
    symptoms += machine.symptoms(tick)
    symptoms += backlog.symptoms(tick)
    symptoms += chosen
    return symptoms.sorted { $0.severity > $1.severity }.map { $0.finding(now) }
  }

  private var chosen: [Symptom] {
    var symptoms: [Symptom] = []
    if choices.isAPIInsecure {
      symptoms.append(
        Symptom(
          .unprotected, since: begun, Finding.Subject(.api),
          "api.insecure lets other machines reach the API without TLS: everybody on the way can read and change what they send",
          nextStep: "let a TLS proxy on this machine pass on the requests, and unset api.insecure"))
    }
    if choices.prunesWithoutArchive {
      symptoms.append(
        Symptom(
          .noArchive, since: begun, Finding.Subject(.history),
          "blocks older than history.kept are removed, and history.archive is not set: this node can then prove them no more",
          nextStep: "set history.archive, or make sure that another node keeps all blocks"))
    }
    return symptoms
  }
}
