import Foundation
import Testing

/// What a disk does to a log.
enum Damage {
  /// Flips bits in the used part of a segment, at offsets given in percent.
  static func flip(_ segment: String, percent: [Int], inHeader: Bool = false) throws {
    let url = URL(fileURLWithPath: segment)
    var bytes = try Data(contentsOf: url)
    let used = try #require(bytes.lastIndex { $0 != 0 })
    // A bit of the salt.
    if inHeader { bytes[20] ^= 4 }
    for part in percent { bytes[4096 + (used - 4096) * part / 100] ^= 4 }
    try bytes.write(to: url)
  }
}
