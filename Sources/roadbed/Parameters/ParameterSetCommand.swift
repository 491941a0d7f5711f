import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

struct ParameterSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a setting.",
    discussion: """
      The administrators sign. A setting of blocks and of validity holds from the next block on, the threshold from the \
      next operation on. The leader time-out and the rules version hold from the next epoch on, which the change begins. \
      The rules version is raised one by one, and only if a quorum of the validators, counted over the nodes that are \
      given, knows the next one: the others stop.

      Shows the value before and after, and asks.

      Example:
        roadbed parameter set blockBytes 2097152 --dir demo --key registry --wait
      """)

  @Argument(
    help: ArgumentHelp("The setting, as 'roadbed parameter list' names it.", valueName: "parameter"),
    transform: {
      try ArgumentRule.value(
        ChainParameter(name: $0),
        "a parameter is one of " + ChainParameter.allCases.map(\.name).joined(separator: ", "))
    })
  var parameter: ChainParameter

  @Argument(help: "Its new value.")
  var value: UInt64

  @OptionGroup var submission: SubmissionOptions
  @OptionGroup var confirmation: ConfirmationOptions

  func validate() throws {
    guard parameter.bounds.contains(value) else {
      throw ValidationError(
        "\(parameter.name) is to be \(value); it must be \(parameter.bounds.lowerBound) to "
          + "\(parameter.bounds.upperBound).")
    }
  }

  func run() async throws {
    guard !submission.keys.key.isEmpty else { throw CommandError.noKey }
    try await submission.run { client, chain in
      let present = try await client.parameters()
      var plan = ["\(parameter.name) is \(present[parameter]) and becomes \(value)"]
      if parameter.isConfigured {
        let survey = try await NodeSurvey(try submission.nodes.urls())
        try survey.require(chain)
        if parameter == .rulesVersion { try RulesPreflight(version: value, survey: survey).run() }
        let validators = try survey.newest.validators.items.map(\.name)
        plan.append("it begins an epoch; " + ValidatorChange.quorumLine(validators.count, validators, survey))
      }
      try confirmation.confirm(plan + ["the administrators sign"], json: submission.output.json)
      return [
        .parameterSet(
          parameter, to: value, configuration: parameter.isConfigured ? present.configuration : nil)
      ]
    }
  }
}
