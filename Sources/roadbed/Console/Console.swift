import Foundation
import LedgerJSON

/// What a command tells its user: results on standard output, remarks and progress on standard error.
enum Console {
  enum Style: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  static let isOutputTerminal = isatty(FileHandle.standardOutput.fileDescriptor) == 1
  private static let isErrorTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

  /// Colours are for people: never into a file or pipe, and not if the user asked for none (no-color.org).
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

  static func print(_ line: String = "") { write(Data((line + "\n").utf8), to: .standardOutput) }

  static func print(_ bytes: [UInt8]) { write(Data(bytes), to: .standardOutput) }

  /// What the user may want to do now.
  static func next(_ text: String) { print("  " + styled("next:", .cyan) + " " + text) }

  /// A result for programs: one JSON value, indented, with a line break at its end.
  static func printJSON(_ answer: some Encodable) throws {
    write(try AnswerCoding.encodePretty(answer), to: .standardOutput)
  }

  /// Replaces the line that the last call wrote on the terminal.
  static func redraw(_ line: String) { write(Data("\r\u{1B}[K\(line)".utf8), to: .standardOutput) }

  /// Writes as it is, for screens that move the cursor themselves.
  static func write(_ text: String) { write(Data(text.utf8), to: .standardOutput) }

  // MARK: Remarks

  static func remark(_ line: String) { write(Data((line + "\n").utf8), to: .standardError) }

  static func writeError(_ bytes: Data) { write(bytes, to: .standardError) }

  private static func write(_ bytes: Data, to handle: FileHandle) {
    // Nobody is left to be told that the reader has gone.
    try? handle.write(contentsOf: bytes)
  }
}
