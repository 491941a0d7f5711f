internal import LedgerJSON
internal import Primitives
internal import Replica
internal import Synchronization

/// Keeps track of why the node is not healthy, for `/v1/health` and the operator.
final class HealthMonitor: Sendable {
  private struct State {
    var stopped: StopReason?
    /// Since when the signer has been away, and why.
    var signerAway: (since: Tick, SigningRefusal)?
    var isListening = false
    /// Whether the chain names the node as a validator, with a key that it does not hold.
    var lacksVoteKey = false
    var catchingUp: (from: Height, to: View)?
    var joining: Height?
    /// Set if this node votes only above this round, and no round above it is final yet.
    var votingBar: Round?
    var quorum: QuorumWatch
    /// The last thing that each peer sent and that a correct node never sends, by the peer's name.
    var misbehaviour: [String: Misbehaviour] = [:]
  }

  private struct Misbehaviour {
    var code: String
    var explanation: String
    var times: UInt64
    var last: Tick
    /// When it was logged, and how often it was not since then.
    var logged: Tick
    var unsaid = 0
  }

  /// How long a peer that misbehaved is named, in microseconds.
  static let misbehaviourMemory: UInt64 = 600_000_000
  /// The pause between two lines about the same peer in microseconds, and that before a line about something else.
  private static let loggingPause: UInt64 = 1_000_000
  private static let briefPause: UInt64 = 100_000

  private let state: Mutex<State>

  /// - Parameter height: the last final height when the node starts.
  init(_ chain: QuorumWatch.Chain, height: Height) {
    state = Mutex(State(quorum: QuorumWatch(chain, height: height)))
  }

  /// Why the replica has stopped voting until a restart; nil if it has not.
  var stopped: StopReason? { state.withLock { $0.stopped } }

  func note(_ notice: Notice) {
    state.withLock { state in
      switch notice {
      case .stoppedVoting(let reason): state.stopped = reason
      case .signerAway(let refusal): state.signerAway = (Clock.tick(), refusal)
      case .signerBack: state.signerAway = nil
      case .listening: state.isListening = true
      case .votingResumed(let bar):
        state.isListening = false
        state.votingBar = bar
      case .beganEpoch(let epoch): state.quorum.begin(QuorumWatch.Chain(epoch), Clock.tick())
      case .catchingUp(let from, let to): state.catchingUp = (from, to)
      case .caughtUp:
        // Blocks may have arrived before the state being fetched, which is then no longer needed.
        state.catchingUp = nil
        state.joining = nil
      case .joining(let height, _, _): state.joining = height
      case .joined, .joinEnded: state.joining = nil
      default: break
      }
    }
  }

  /// Notes whether the running epoch names this node as a validator, with a key that it does not hold.
  func lackVoteKey(_ lacks: Bool) { state.withLock { $0.lacksVoteKey = lacks } }

  /// Notes from the log that this node votes only above a round, and that no round above it is final.
  func awaitFinality(above bar: Round) { state.withLock { $0.votingBar = bar } }

  /// Notes that a round is final. Once it is above the voting bar, this node counts towards a quorum again.
  func finalized(_ round: Round) {
    state.withLock { state in
      if let bar = state.votingBar, round > bar { state.votingBar = nil }
    }
  }

  /// Notes that the blocks up to `height` are final.
  func finalized(_ height: Height, _ now: Tick) { state.withLock { $0.quorum.finalized(height, now) } }

  /// Notes that peers can be linked from now on.
  func begin(_ now: Tick) { state.withLock { $0.quorum.begin(now) } }

  func list(_ nodes: Set<String>) { state.withLock { $0.quorum.list(nodes) } }

  func link(_ peer: String, _ isLinked: Bool) { state.withLock { $0.quorum.link(peer, isLinked) } }

  /// Notes whether anything waits to become final.
  func work(_ waits: Bool, _ now: Tick) { state.withLock { $0.quorum.work(waits, now) } }

  /// Notes that a peer sent something that a correct node never sends.
  /// - Returns: if this belongs into the log, how often it happened since the last time that did; nil if it does not,
  ///   because the log would fill up.
  func misbehaved(_ name: String, code: String, explanation: String, _ now: Tick) -> Int? {
    state.withLock { state in
      var seen =
        state.misbehaviour[name]
        ?? Misbehaviour(code: code, explanation: explanation, times: 0, last: now, logged: now)
      let isFirst = seen.times == 0
      let isAnother = seen.code != code && now.microseconds(since: seen.logged) >= HealthMonitor.briefPause
      seen.code = code
      seen.explanation = explanation
      seen.times += 1
      seen.last = now
      defer { state.misbehaviour[name] = seen }
      guard isFirst || isAnother || now.microseconds(since: seen.logged) >= HealthMonitor.loggingPause else {
        seen.unsaid += 1
        return nil
      }
      defer { seen.unsaid = 0 }
      seen.logged = now
      return seen.unsaid
    }
  }

  /// The peers that misbehaved recently, ordered by name. This node is not the less healthy for it.
  func misbehaving(_ now: Tick) -> [MisbehavingPeer] {
    let all = state.withLock { $0.misbehaviour }
    return all.filter { now.microseconds(since: $0.value.last) <= HealthMonitor.misbehaviourMemory }
      .map { name, seen in
        MisbehavingPeer(
          peer: name, code: seen.code, message: seen.explanation, times: seen.times,
          millisecondsAgo: now.microseconds(since: seen.last) / 1000)
      }
      .sorted { $0.peer < $1.peer }
  }

  /// Why the node is not healthy; empty if it is.
  func complaints(_ now: Tick) -> [ErrorDetail] {
    state.withLock { state in
      var complaints: [ErrorDetail] = []
      if let reason = state.stopped { complaints.append(ErrorDetail(reason)) }
      if state.lacksVoteKey {
        complaints.append(
          ErrorDetail(
            code: "node.vote-key-missing",
            message:
              "the chain names this node as a validator, with a vote key that it does not hold, so it does not vote",
            nextStep: "put back the newest copy of keys/vote.pem and keys/vote.pem.next and restart the node, or have "
              + "another node take its place: `roadbed validator replace`"))
      }
      if let (since, refusal) = state.signerAway {
        let seconds = now.microseconds(since: since) / 1_000_000
        complaints.append(
          ErrorDetail(
            code: refusal.code, message: "\(refusal.explanation); this began \(seconds) s ago",
            nextStep: refusal.nextStep))
      }
      if state.isListening {
        complaints.append(
          ErrorDetail(
            code: "node.listening",
            message: "this node's log is new: the node does not vote until a quorum of peers has reported its views",
            nextStep: "wait; if it lasts, check that the other validators are running and connected"))
      }
      if let bar = state.votingBar {
        complaints.append(
          ErrorDetail(
            code: "node.not-voting-yet",
            message:
              "this node's log is new: the node votes only in views above \(bar.view), and none of them is final yet",
            nextStep: "do not remove another node's log before this is over: wait until a transaction is final, and "
              + "submit one if nobody else does"))
      }
      if let height = state.joining {
        complaints.append(
          ErrorDetail(
            code: "node.joining", message: "the state of height \(height) is being fetched from peers",
            nextStep: "wait; what has been fetched survives a restart"))
      }
      if let range = state.catchingUp {
        complaints.append(
          ErrorDetail(
            code: "node.catching-up", message: "blocks from height \(range.from) on are being fetched from peers",
            nextStep: "wait; 'roadbed query status' shows the height rising"))
      }
      if let missing = state.quorum.missingQuorum(now) {
        complaints.append(missing)
      } else if complaints.isEmpty, let standstill = state.quorum.standstill(now) {
        // A node that already has another complaint does not report that the chain stands still.
        complaints.append(standstill)
      }
      return complaints
    }
  }
}
