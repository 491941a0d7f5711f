import Primitives

/// Spans of time for people.
enum TimeText {
  /// How long a validity still lasts, or since when it is over.
  static func validity(until end: Timestamp, now: Timestamp) -> String {
    end >= now ? "\(span(now, end)) left" : Console.styled("EXPIRED", .red) + " \(span(end, now)) ago"
  }

  /// The two largest units, such as `9 min 12 s`.
  private static func span(_ start: Timestamp, _ end: Timestamp) -> String {
    let seconds = (end.rawValue - start.rawValue) / 1000
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
    let shown = parts.drop { $0.0 == 0 }.prefix(2)
    return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
