import Ledger
import LedgerJSON
import Primitives

/// A change of the set of validators, or of a vote key, as a command prepares it.
struct ValidatorChange {
  var operations: [Ledger.Operation]
  /// The names of the validators after it.
  var validators: [Name]
  /// The key that the change gives to a node; nil if it gives none.
  var offer: OfferedKey?
  /// Lines that say what it does and who must act.
  var plan: [String]
  /// What is true once the epoch that it begins is open.
  var done: (UInt64) -> String

  /// Refuses a change that leaves too few running validators: before it, so that it cannot become final, or after it, so
  /// that nothing more can. The chain itself refuses neither (protocol rule R44).
  func requireQuorum(_ survey: NodeSurvey) throws {
    let present = try survey.newest.validators.items.map(\.name)
    for (names, time, offer) in [(present, "now", nil), (validators, "after the change", offer)] {
      let quorum = Quorum(validators: names.count)
      let missing = names.compactMap { name in
        (name == offer?.proof.validator ? offer?.absence(survey) : survey.absence(of: name)).map { "\(name) \($0)" }
      }
      guard names.count - missing.count >= quorum.size else {
        throw CommandError.noQuorum(quorum, time, missing: missing)
      }
    }
  }

  /// The line that compares the quorums.
  static func quorumLine(_ before: Int, _ after: [Name], _ survey: NodeSurvey) -> String {
    let (old, new) = (Quorum(validators: before), Quorum(validators: after.count))
    let running = after.count(where: survey.isRunning)
    return
      "a quorum is \(old.size) of \(before) now and \(new.size) of \(after.count) afterwards; \(running) of those run"
  }
}

extension CommandError {
  fileprivate static func noQuorum(_ quorum: Quorum, _ time: String, missing: [String]) -> CommandError {
    CommandError(
      code: "validator.no-quorum",
      explanation: "\(time) a quorum is \(quorum.size) of \(quorum.validators) validators, and "
        + "\(quorum.validators - missing.count) of them would vote, as far as the nodes that were asked know: "
        + missing.joined(separator: ", "),
      nextStep:
        "start those that do not run, or repair the network to them (`roadbed validator list` shows who is linked); "
        + "those that do not vote yet do so when a transaction is final; one that would listen first is made anew: "
        + "`roadbed node init` in an empty directory, under another name")
  }
}
