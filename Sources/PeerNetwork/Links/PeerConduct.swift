internal import NIOCore
internal import Primitives
internal import Synchronization

/// How a peer has behaved. It outlives the peer's place in the list, so that a peer that is dropped and taken again finds
/// its pauses and budgets as they were. May be used from any thread.
final class PeerConduct: Sendable {
  private struct State {
    var penalty: Penalty
    var linkBudget: LinkBudget
    var instances = InstanceHistory()
    var lines = LineBudget()
  }

  private let state: Mutex<State>

  init(_ limits: PeerNetworkLimits) {
    state = Mutex(State(penalty: Penalty(limits), linkBudget: LinkBudget(limits)))
  }

  // MARK: Misbehaviour

  /// Notes that the peer sent something that no honest peer sends.
  func punish() { state.withLock { $0.penalty.punish(at: .now()) } }

  /// For how many milliseconds more there shall be no link because the peer misbehaved; nil if there may be one.
  var pause: Int64? { state.withLock { $0.penalty.pause(at: .now()) } }

  /// Counts a link that the peer dialled, now that it has proved its key. Returns why it is not taken, if it is not.
  func takeLink() -> LinkFault? {
    state.withLock { state in
      let now = NIODeadline.now()
      guard !state.linkBudget.take(at: now) else { return nil }
      return .tooManyLinks(milliseconds: state.linkBudget.pause(at: now) ?? 1)
    }
  }

  /// Why no link is taken that the peer dials now; nil if one is.
  var refusal: LinkFault? {
    state.withLock { state in
      let now = NIODeadline.now()
      if let milliseconds = state.penalty.pause(at: now) { return .paused(milliseconds: milliseconds) }
      return state.linkBudget.pause(at: now).map { .tooManyLinks(milliseconds: $0) }
    }
  }

  /// Counts a line of the log. Returns how many were left out before it; nil if it is left out itself.
  func admitLine() -> Int? { state.withLock { $0.lines.admit(at: .now()) } }

  // MARK: Instances

  /// Notes the instance of a link. Returns whether it proves that two processes use the peer's key.
  func note(instance: UInt64) -> Bool { state.withLock { $0.instances.note(instance) } }

  /// The peer's instances that were seen beside another one.
  var doubledInstances: [UInt64] { state.withLock { $0.instances.doubled } }
}
