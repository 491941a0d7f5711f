/// Text from the ledger may contain characters that move a terminal's cursor; only visible characters are shown.
enum Printable {
  static func text(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar -> Character in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: "\u{FFFD}"
        default: Character(scalar)
        }
      })
  }
}
