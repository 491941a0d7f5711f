package import Primitives

/// The second, independent guard against contradicting oneself. It reads the same log as the replica but knows only
/// what was signed, not why.
///
/// It allows at most one notarize and one finalize per round, never nullify together with finalize, and no notarize
/// after nullify, even across restarts (protocol rule R33). A statement may be repeated.
package struct VoteGuard: Equatable, Sendable {
  private struct Signed: Equatable, Sendable {
    var notarize: Statement?
    var nullify: Statement?
    var finalize: Statement?
  }

  private var signed: [Round: Signed] = [:]
  /// At or below this round, nothing is signed any more, and what was signed there is forgotten. Nothing is signed in
  /// any epoch other than that of the floor either.
  package private(set) var floor: Round

  package init(epoch: Epoch) {
    floor = Round(epoch: epoch, view: .genesis)
  }

  private func isOpen(_ round: Round) -> Bool { round.epoch == floor.epoch && round > floor }

  /// The earlier statement that `statement` would contradict, or nil if it may be signed. A statement that is not above
  /// the floor, or is of another epoch, contradicts itself, because nothing is known there.
  package func conflict(with statement: Statement) -> Statement? {
    let round = statement.round
    guard isOpen(round) else { return statement }
    // What was said may be said again, also a notarize vote before a nullify vote.
    guard let earlier = signed[round], !remembers(statement) else { return nil }
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

  /// Remembers a statement that is being signed now or was signed before a restart.
  package mutating func remember(_ statement: Statement) {
    let round = statement.round
    // Those of a later epoch matter once it begins.
    guard round > floor else { return }
    switch statement {
    case .notarize: signed[round, default: Signed()].notarize = statement
    case .nullify: signed[round, default: Signed()].nullify = statement
    case .finalize: signed[round, default: Signed()].finalize = statement
    }
  }

  /// Whether exactly this was signed.
  package func remembers(_ statement: Statement) -> Bool {
    let round = signed[statement.round]
    return switch statement {
    case .notarize: round?.notarize == statement
    case .nullify: round?.nullify == statement
    case .finalize: round?.finalize == statement
    }
  }

  /// What was signed above the floor, by round; within a round in an order in which it may be signed again.
  package var statements: [Statement] {
    signed.sorted { $0.key < $1.key }.flatMap {
      [$0.value.notarize, $0.value.nullify, $0.value.finalize].compactMap(\.self)
    }
  }

  /// Forgets all rounds up to and including `round`: nothing is ever signed there again.
  package mutating func raiseFloor(to round: Round) {
    guard round > floor else { return }
    floor = round
    signed = signed.filter { $0.key > round }
  }
}
