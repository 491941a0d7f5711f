internal import LedgerJSON
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// A node's diagnosis, to which all its threads contribute.
final class HealthMonitor: Sendable {
  private let state: Mutex<Diagnosis>

  /// - Parameter height: the last final height when the node starts.
  init(_ running: RunningEpoch, height: Height) { state = Mutex(Diagnosis(running, height: height)) }

  /// Changes what the diagnosis knows.
  func note<Value: Sendable>(_ body: (inout Diagnosis) -> Value) -> Value { state.withLock { body(&$0) } }

  /// Why the replica has stopped voting until a restart; nil if it has not.
  var stopped: StopReason? { state.withLock(\.stopReason) }

  /// Everything that there is to say now, the worst first.
  /// - Parameter index: why the query index does not work; nil if it does.
  func findings(index: (any ExplainedError)?) -> [Finding] {
    let now = Clock.now()
    return state.withLock { $0.findings(index: index, now) }
  }

  /// The peers that misbehaved recently, ordered by name. This node is not the less healthy for it.
  func misbehaving() -> [MisbehavingPeer] {
    let now = Clock.tick()
    return state.withLock(\.misbehaviour).recent(now).map { name, entry in
      MisbehavingPeer(
        peer: name, code: entry.code, message: entry.explanation, times: entry.times,
        millisecondsAgo: now.microseconds(since: entry.last) / 1000)
    }
  }
}
