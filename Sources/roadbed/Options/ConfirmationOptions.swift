import ArgumentParser
import Foundation

/// Whether a command asks before it does what cannot be undone by repeating it.
struct ConfirmationOptions: ParsableArguments {
  @Flag(help: "Do not ask whether to go on.")
  var yes = false

  /// Shows what will happen, and asks unless the user wants no question.
  func confirm(_ plan: [String], json: Bool) throws {
    if !json { for line in plan { Console.remark(line) } }
    guard !yes else { return }
    guard !json, isatty(STDIN_FILENO) == 1 else { throw CommandError.notConfirmed }
    Console.writeError(Array("go on? [y/N] ".utf8))
    guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else { throw CommandError.notConfirmed }
  }
}

extension CommandError {
  static let notConfirmed = CommandError(
    code: "command.not-confirmed", explanation: "nothing was signed or sent, because the change was not confirmed",
    nextStep: "answer y on a terminal, or add --yes")
}
