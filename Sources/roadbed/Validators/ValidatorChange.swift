import Ledger
import LedgerJSON
import Primitives

/// A change of the set of validators, or of a vote key, as a command prepares it.
struct ValidatorChange {
  var operations: [Ledger.Operation]
  /// The names of the validators after it.
  var validators: [Name]
  /// Lines that say what it does and who must act.
  var plan: [String]
  /// What is true once the epoch that it begins is open.
  var done: (UInt64) -> String

  /// Refuses a change that leaves too few running validators: before it, so that it cannot become final, or after it, so
  /// that nothing more can. The chain itself refuses neither (protocol rule R44).
  func requireQuorum(_ survey: NodeSurvey) throws {
    let running = survey.running
    let present = try survey.newest.validators.items.map(\.name)
    for (names, time) in [(present, "now"), (validators, "after the change")] {
      let quorum = Quorum(validators: names.count)
      let missing = names.filter { !running.contains($0) }
      guard names.count - missing.count >= quorum.size else {
        throw CommandError.noQuorum(quorum, time, missing: missing)
      }
    }
  }

  /// The line that compares the quorums.
  static func quorumLine(_ before: Int, _ after: Int, running: Int) -> String {
    let (old, new) = (Quorum(validators: before), Quorum(validators: after))
    return "a quorum is \(old.size) of \(before) now and \(new.size) of \(after) afterwards; \(running) of those run"
  }
}

extension CommandError {
  fileprivate static func noQuorum(_ quorum: Quorum, _ time: String, missing: [Name]) -> CommandError {
    CommandError(
      code: "validator.no-quorum",
      explanation: "\(time) a quorum is \(quorum.size) of \(quorum.validators) validators, and "
        + "\(quorum.validators - missing.count) of them run, as far as the nodes that were asked know; these do not: "
        + missing.map { "\($0)" }.joined(separator: ", "),
      nextStep: "start them, or repair the network to them; `roadbed validator list` shows who is linked")
  }
}
