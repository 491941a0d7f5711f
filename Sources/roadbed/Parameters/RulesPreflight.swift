import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Checks, before anything is signed, that enough nodes know the next version of the rules: a validator that does not stops
/// as soon as it holds.
struct RulesPreflight {
  let version: UInt64
  let survey: NodeSurvey

  func run() throws(CommandError) {
    let validators = try survey.newest.validators.items
    var known: Set<Name> = []
    var others = survey.silent
    for status in survey.answers.map(\.status) {
      if status.role != .validator || !validators.contains(where: { $0.name == status.node }) {
        others.append("\(status.label) is no validator")
      } else if status.stopped != nil {
        others.append("\(status.label) has stopped voting")
      } else if status.versions.rules >= version, let own = status.node {
        known.insert(own)
      } else {
        others.append("\(status.label) knows version \(status.versions.rules)")
      }
    }
    let quorum = Quorum(validators: validators.count)
    guard known.count >= quorum.size else {
      throw CommandError.rulesUnknown(
        version, known: known.count, quorum: quorum, others: others)
    }
  }
}

extension CommandError {
  fileprivate static func rulesUnknown(
    _ version: UInt64, known: Int, quorum: Quorum, others: [String]
  ) -> CommandError {
    CommandError(
      code: "parameter.rules-not-known",
      explanation:
        "\(known) of \(quorum.validators) validators are known to know version \(version) of the rules; a quorum "
        + "is \(quorum.size)" + (others.isEmpty ? "" : ": " + others.joined(separator: ", ")),
      nextStep: "install the new program at the others first, and give the nodes of a quorum with --node or --dir")
  }
}
