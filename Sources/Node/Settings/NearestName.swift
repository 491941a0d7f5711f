/// Finds the name that the user may have meant.
package enum NearestName {
  /// The candidate most similar to `word`, or nil if none is similar. Case and separators do not matter.
  package static func find(_ word: String, among candidates: [String]) -> String? {
    let plain = Self.plain(word)
    var nearest: (name: String, distance: Int)?
    for candidate in candidates {
      let other = Self.plain(candidate)
      // Leaving out the section of a setting is a common mistake.
      let distance = other.hasSuffix(plain) && plain.count >= 4 ? 1 : distance(plain, other)
      guard distance <= max(2, other.count / 3), distance < nearest?.distance ?? .max else { continue }
      nearest = (candidate, distance)
    }
    return nearest?.name
  }

  private static func plain(_ text: String) -> [UInt8] {
    // A longer word cannot be a misspelling of a setting, so there is no need to compare all of it.
    Array(text.lowercased().utf8.filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "_") }.prefix(64))
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours that turn one into the other (optimal
  /// string alignment distance).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var best = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && self.suffix(suffix.count) == suffix[...]
  }
}
