/// Text from the ledger may hold what moves a terminal's cursor; shown are only visible characters.
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
