import Foundation
import LedgerJSON
import Node
import Synchronization

/// The output of a command: results on standard output, remarks and progress on standard error. Apart from a node's
/// log, nothing else in this program writes to either.
enum Console {
  enum Style: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  static let isOutputTerminal = isatty(STDOUT_FILENO) == 1
  private static let isErrorTerminal = isatty(STDERR_FILENO) == 1

  /// Whether the user wants colours (no-color.org). Only terminals get colours, never files or pipes.
  private static let wantsColours: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }()

  /// `text` as standard output shows it.
  static func styled(_ text: String, _ style: Style) -> String {
    wantsColours && isOutputTerminal ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// `text` as standard error shows it.
  static func styledError(_ text: String, _ style: Style) -> String {
    wantsColours && isErrorTerminal ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  // MARK: Results

  static func print(_ line: String = "") { write(line + "\n") }

  static func print(_ bytes: [UInt8]) {
    output.withLock { output in
      // Output after a gap would only hide the gap.
      guard output.loss == nil else { return }
      output.loss = Descriptor.write(bytes, to: STDOUT_FILENO)
    }
  }

  /// What the user may want to do next.
  static func next(_ text: String) { print("  " + styled("next:", .cyan) + " " + text) }

  /// A result for programs: one JSON value, indented, with a line break at its end.
  static func printJSON(_ answer: some Encodable) throws {
    print([UInt8](try AnswerCoding.encodePretty(answer)))
  }

  /// Replaces the line that the last call wrote on the terminal.
  static func redraw(_ line: String) { write("\r\u{1B}[K\(line)") }

  /// Writes the text unchanged, for screens that move the cursor themselves.
  static func write(_ text: String) { print(Array(text.utf8)) }

  // MARK: Remarks

  static func remark(_ line: String) { writeError(Array((line + "\n").utf8)) }

  /// Ignores a failure, since there is nobody left to tell.
  static func writeError(_ bytes: [UInt8]) { _ = Descriptor.write(bytes, to: STDERR_FILENO) }

  // MARK: Lost output

  private struct Output {
    /// The `errno` with which writing to standard output failed.
    var loss: Int32?
    /// What the command did that must not be repeated, for a user who did not see the report of it.
    var deed: (done: String, next: String)?
  }

  private static let output = Mutex(Output())

  /// The exit status if nobody reads the output; shells report the same for a program that SIGPIPE ended.
  private static let closedPipe: Int32 = 141

  static var hasLostOutput: Bool { output.withLock { $0.loss != nil } }

  /// Records what is done and must not be repeated just because the report of it was lost.
  static func noteDone(_ done: String, next: String) { output.withLock { $0.deed = (done, next) } }

  /// The exit status for a command that would end with `status`: lost output is an error and is reported, except if the
  /// reader closed the pipe, as `head` does when it wants no more.
  static func finish(_ status: Int32) -> Int32 {
    let (loss, deed) = output.withLock { output in
      // Some file systems report a failed write only here.
      if output.loss == nil, close(STDOUT_FILENO) != 0, errno != EBADF { output.loss = errno }
      return (output.loss, output.deed)
    }
    guard let loss else { return status }
    if loss == EPIPE {
      if let deed { remark(deed.done) }
      return status == 0 ? closedPipe : status
    }
    ErrorReport.print(CommandError.outputLost(SystemReason.text(loss), deed))
    return max(status, ErrorReport.failure)
  }
}

extension CommandError {
  static func outputLost(_ reason: String, _ deed: (done: String, next: String)?) -> CommandError {
    CommandError(
      code: "output.lost",
      explanation: "standard output could not be written, so the result is incomplete: \(reason)"
        + (deed.map { "; \($0.done)" } ?? ""),
      nextStep: deed?.next
        ?? "free some space, or send the output elsewhere; the command has already made its changes, so check them before you "
        + "run it again")
  }
}
