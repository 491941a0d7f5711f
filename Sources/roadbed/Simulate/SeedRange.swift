import ArgumentParser

/// A range of seeds `A..B`, inclusive.
struct SeedRange: ExpressibleByArgument {
  let range: ClosedRange<UInt64>

  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, let first = UInt64(parts[0]), let last = UInt64(parts[2]),
      first <= last, last < .max, last - first < 100_000_000
    else { return nil }
    range = first...last
  }
}
