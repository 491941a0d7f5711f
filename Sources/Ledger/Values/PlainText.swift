/// The rule for text that people read: well-formed UTF-8 without control characters (U+0000...U+001F, U+007F).
public enum PlainText {
  /// Whether `bytes` follows the rule. Allocates nothing.
  public static func isValid(_ bytes: some Sequence<UInt8>) -> Bool {
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        if scalar.value < 0x20 || scalar.value == 0x7F { return false }
      case .emptyInput: return true
      case .error: return false
      }
    }
  }
}
