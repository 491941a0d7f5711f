extension StringProtocol {
  /// The text as a message quotes it, in quotation marks. Long text is cut off, and its length in bytes is given
  /// instead, so that a stranger's input is never repeated in full. Characters that would break a line or act on a
  /// terminal are written as `\u{…}`.
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
