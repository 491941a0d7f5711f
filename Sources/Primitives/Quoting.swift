extension StringProtocol {
  /// The text as a message quotes it: between quotes and, of a long one, only its beginning and how long it is. What
  /// would break a line or act on a terminal stands there as `\u{…}`. A stranger's input is never repeated in full.
  package var quoted: String {
    let limit = Limits.quotedBytes
    var shown = ""
    var bytes = 0
    for scalar in unicodeScalars {
      bytes += UTF8.width(scalar)
      guard bytes <= limit else { return "'\(shown)…' (\(utf8.count) bytes)" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return "'\(shown)'"
  }
}
