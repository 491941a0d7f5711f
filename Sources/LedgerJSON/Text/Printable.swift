/// Makes text from the ledger safe to print: it may contain characters that move a terminal's cursor, so only visible
/// characters are kept.
package enum Printable {
  package static func text(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar -> Character in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: "\u{FFFD}"
        default: Character(scalar)
        }
      })
  }
}
