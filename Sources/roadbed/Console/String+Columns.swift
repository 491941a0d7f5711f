extension StringProtocol {
  /// The number of columns that the text takes where all letters have equal width: Chinese and other wide characters take
  /// two.
  var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension String {
  /// The text padded with trailing spaces to at least `width` columns.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }
}

extension Character {
  var isWide: Bool { columns == 2 }

  /// Blocks of wide characters (Unicode Standard Annex 11).
  fileprivate var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    return switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
