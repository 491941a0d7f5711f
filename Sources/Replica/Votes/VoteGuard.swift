package import Primitives

/// The second, independent guard against contradicting oneself: it knows only what was signed, from the same
/// log as the replica, and none of the replica's reasons.
///
/// It allows at most one notarize and one finalize per view, never nullify together with finalize, and no
/// notarize after nullify, across restarts (protocol rule R33). Repeating a statement is allowed.
package struct VoteGuard: Equatable, Sendable {
  private struct Signed: Equatable, Sendable {
    var notarize: Statement?
    var nullify: Statement?
    var finalize: Statement?
  }

  private var signed: [View: Signed] = [:]
  /// Below or at this view nothing is signed any more: what was signed there is forgotten.
  private var floor: View = .genesis
  private var epoch: Epoch

  package init(epoch: Epoch) {
    self.epoch = epoch
  }

  /// The earlier statement that `statement` would contradict, or nil if it may be signed. A statement at or
  /// below the floor contradicts itself: nothing is known there.
  package func conflict(with statement: Statement) -> Statement? {
    guard statement.epoch == epoch, statement.view > floor else { return statement }
    guard let earlier = signed[statement.view] else { return nil }
    switch statement {
    case .notarize:
      if let nullify = earlier.nullify { return nullify }
      if let notarize = earlier.notarize, notarize != statement { return notarize }
    case .nullify:
      if let finalize = earlier.finalize { return finalize }
    case .finalize:
      if let nullify = earlier.nullify { return nullify }
      if let finalize = earlier.finalize, finalize != statement { return finalize }
    }
    return nil
  }

  /// Remembers a statement that is signed now, or was signed before a restart.
  package mutating func remember(_ statement: Statement) {
    guard statement.epoch == epoch, statement.view > floor else { return }
    switch statement {
    case .notarize: signed[statement.view, default: Signed()].notarize = statement
    case .nullify: signed[statement.view, default: Signed()].nullify = statement
    case .finalize: signed[statement.view, default: Signed()].finalize = statement
    }
  }

  /// Forgets views at or below `view`, which is finalized: nothing there is ever signed again.
  package mutating func raiseFloor(to view: View) {
    guard view > floor else { return }
    floor = view
    signed = signed.filter { $0.key > view }
  }
}
