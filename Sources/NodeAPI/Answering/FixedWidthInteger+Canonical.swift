extension FixedWidthInteger {
  /// Reads digits as `description` writes them: no sign, no leading zero.
  init?(canonical text: String) {
    guard let value = Self(text), value.description == text, value >= 0 else { return nil }
    self = value
  }
}
