internal import Ledger
internal import Primitives
internal import Replica

/// What keeps this node from voting, or from having every final block.
struct Participation: Sendable {
  private var stopped: (since: Tick, reason: StopReason)?
  private var signerAway: (since: Tick, refusal: SigningRefusal)?
  private var listening: Tick?
  /// Since when the chain has named the node as a validator, with a key that it does not hold.
  private var lacksVoteKey: Tick?
  private var catchingUp: (since: Tick, from: Height, to: View)?
  private var joining: (since: Tick, height: Height)?
  /// Set if this node votes only above this round, and no round above it is final yet.
  private var votingBar: (since: Tick, round: Round)?
  private var keyReported: (since: Tick, last: Tick)?

  /// How long a report that the node's key is used elsewhere is repeated, in microseconds.
  private static let reportMemory: UInt64 = 600_000_000

  /// Why the replica has stopped voting until a restart; nil if it has not.
  var stopReason: StopReason? { stopped?.reason }

  /// Whether nothing keeps a validator from voting.
  var mayVote: Bool {
    stopped == nil && signerAway == nil && listening == nil && votingBar == nil && lacksVoteKey == nil
  }

  /// Whether a state is being fetched.
  var isJoining: Bool { joining != nil }

  /// Whether blocks or a state are being fetched, so that what becomes final here is old.
  var isFetching: Bool { catchingUp != nil || joining != nil }

  mutating func note(_ notice: Notice, _ now: Tick) {
    switch notice {
    case .stoppedVoting(let reason): stopped = stopped ?? (now, reason)
    case .signerAway(let refusal): signerAway = (signerAway?.since ?? now, refusal)
    case .signerBack: signerAway = nil
    case .listening: listening = listening ?? now
    case .votingResumed(let bar):
      listening = nil
      votingBar = (now, bar)
    case .catchingUp(let from, let to): catchingUp = (catchingUp?.since ?? now, from, to)
    case .caughtUp:
      // Blocks may have arrived before the state being fetched, which is then no longer needed.
      catchingUp = nil
      joining = nil
    case .joining(let height, _, _): joining = (now, height)
    case .joined, .joinEnded: joining = nil
    case .keyReported: keyReported = (keyReported?.since ?? now, now)
    default: break
    }
  }

  mutating func lackVoteKey(_ lacks: Bool, _ now: Tick) { lacksVoteKey = lacks ? lacksVoteKey ?? now : nil }

  mutating func awaitFinality(above bar: Round, _ now: Tick) { votingBar = (now, bar) }

  mutating func finalized(_ round: Round) {
    if let bar = votingBar, round > bar.round { votingBar = nil }
  }

  /// What follows from the notices, what is nearer to the cause first.
  func symptoms(_ now: Tick) -> [Symptom] {
    var symptoms: [Symptom] = []
    if let (since, reason) = stopped { symptoms.append(Symptom(reason, since: since, Self.subject(of: reason))) }
    if let since = lacksVoteKey {
      symptoms.append(
        Symptom(
          .voteKeyMissing, since: since, Finding.Subject(.key),
          "the chain names this node as a validator, with a vote key that it does not hold, so it does not vote",
          nextStep: "put back the newest copy of keys/vote.pem and keys/vote.pem.next and restart the node, or have "
            + "another node take its place: `roadbed validator replace`"))
    }
    if let (since, refusal) = signerAway {
      var symptom = Symptom(refusal, since: since, Finding.Subject(.key))
      symptom.explanation += "; this began \(now.microseconds(since: since) / 1_000_000) s ago"
      symptoms.append(symptom)
    }
    if let listening {
      symptoms.append(
        Symptom(
          .listening, since: listening, Finding.Subject(.node),
          "this node's log is new: the node does not vote until a quorum of peers has reported its views",
          nextStep: "wait; if it lasts, check that the other validators are running and connected"))
    }
    if let (since, bar) = votingBar {
      symptoms.append(
        Symptom(
          .notVotingYet, since: since, Finding.Subject(.node),
          "this node's log is new: the node votes only in views above \(bar.view), and none of them is final yet",
          nextStep: "do not remove another node's log before this is over: wait until a transaction is final, and "
            + "submit one if nobody else does"))
    }
    if let (since, height) = joining {
      symptoms.append(
        Symptom(
          .joining, since: since, Finding.Subject(.node),
          "the state of height \(height) is being fetched from peers",
          nextStep: "wait; what has been fetched survives a restart"))
    }
    if let (since, from, view) = catchingUp {
      symptoms.append(
        Symptom(
          .catchingUp, since: since, Finding.Subject(.node),
          "blocks from height \(from) on are being fetched from peers, up to the one that is final in view \(view)",
          nextStep: "wait; 'roadbed query status' shows the height rising"))
    }
    if let (since, last) = keyReported, stopped == nil, now.microseconds(since: last) <= Self.reportMemory {
      symptoms.append(
        Symptom(
          .keyReported, since: since, Finding.Subject(.key),
          "a validator says that another process uses this node's key; it may be wrong",
          nextStep: "look for another process with this node's keys, and stop it"))
    }
    return symptoms
  }

  private static func subject(of reason: StopReason) -> Finding.Subject {
    switch reason {
    case .ownKeyElsewhere, .ownKeyReported, .signing, .twoOwnKeys: Finding.Subject(.key)
    case .logFailed: Finding.Subject(.disk)
    case .contradiction, .rulesUnknown, .otherThanCheckpoint: Finding.Subject(.chain)
    case .resultDiffers, .finalizedBlockInvalid: Finding.Subject(.node)
    }
  }
}
