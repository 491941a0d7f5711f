import ArgumentParser
import Ledger
import Primitives

struct ParameterSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a setting.",
    discussion: """
      The administrators sign. A setting of blocks and of validity holds from the next block on, the threshold from the \
      next operation on.

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

  func validate() throws {
    guard parameter.bounds.contains(value) else {
      throw ValidationError(
        "\(parameter.name) is to be \(value); it must be \(parameter.bounds.lowerBound) to "
          + "\(parameter.bounds.upperBound).")
    }
  }

  func run() async throws {
    try await submission.run { _, _ in [.parameterSet(parameter, to: value)] }
  }
}
