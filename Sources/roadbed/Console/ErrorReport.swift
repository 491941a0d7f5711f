import ArgumentParser
import Foundation
import LedgerJSON
import Primitives

/// Shows errors to the user and chooses the exit status.
enum ErrorReport {
  /// The exit status of a command that was refused, failed, or found something invalid.
  static let failure: Int32 = 1
  /// The exit status for a wrong command line.
  static let usage: Int32 = 2

  static func exit(_ error: any Error, command: any ParsableCommand.Type) -> Never {
    if let code = error as? ExitCode { end(code.rawValue) }
    if isFromParser(error, command) {
      let isHelp = command.exitCode(for: error) == .success
      if isHelp {
        Console.print(command.fullMessage(for: error))
        end(0)
      }
      if wantsJSON {
        printJSON(
          ErrorDetail(
            code: "command.usage", message: command.message(for: error), nextStep: "see `roadbed help`"))
      } else {
        Console.remark(command.fullMessage(for: error))
      }
      end(usage)
    }
    print(error)
    end(failure)
  }

  /// Ends the process with `status`, or with another status if output was lost.
  static func end(_ status: Int32) -> Never { Foundation.exit(Console.finish(status)) }

  /// Prints an error for people, or with `--json` for programs.
  static func print(_ error: any Error) {
    let detail = detail(of: error)
    if wantsJSON {
      printJSON(detail)
    } else {
      Console.remark(
        Console.styledError("error [\(detail.code)]", .red) + ": \(detail.message)\n  "
          + Console.styledError("next:", .cyan) + " \(detail.nextStep)")
    }
  }

  static func detail(of error: any Error) -> ErrorDetail {
    if let error = error as? any ExplainedError {
      return ErrorDetail(code: error.code, message: error.explanation, nextStep: error.nextStep)
    }
    if error is CancellationError {
      return ErrorDetail(
        code: "command.cancelled", message: "the command was interrupted", nextStep: "run it again")
    }
    return ErrorDetail(
      code: "command.unexpected",
      message: error is CocoaError || error is POSIXError ? SystemReason.of(error) : "\(error)",
      nextStep: "check what the message names; if the error persists, report it together with the command")
  }

  /// Looked up without the argument parser, so that usage errors are JSON as well.
  private static var wantsJSON: Bool { CommandLine.arguments.dropFirst().contains("--json") }

  private static func printJSON(_ detail: ErrorDetail) {
    guard let bytes = try? AnswerCoding.encodePretty(ErrorBody(detail)) else { return }
    Console.writeError([UInt8](bytes))
  }

  /// Whether an error comes from the argument parser: wrong usage or a request for help.
  private static func isFromParser(_ error: any Error, _ command: any ParsableCommand.Type) -> Bool {
    if error is ValidationError || error is CleanExit { return true }
    guard !(error is any ExplainedError) else { return false }
    return command.exitCode(for: error) != .failure
  }
}
