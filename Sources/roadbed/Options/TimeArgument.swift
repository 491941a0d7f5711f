import Primitives

/// A time as a user gives it: in UTC, or as how long it is from now.
enum TimeArgument {
  private static let rule =
    "a time is given in UTC, such as 2031-07-21T09:30:00Z, or as how long from now, a whole number and s, m, h or d, such "
    + "as 12h"
  private static let milliseconds: [Character: UInt64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

  static func time(_ text: String) throws -> Timestamp {
    try ArgumentRule.value(parse(text, now: SystemClock.now), rule)
  }

  static func parse(_ text: String, now: Timestamp) -> Timestamp? {
    if let time = Timestamp(iso8601: text) { return time }
    guard let unit = text.last.flatMap({ milliseconds[$0] }), let count = UInt64(text.dropLast()),
      "\(count)" == text.dropLast()
    else { return nil }
    let (span, isTooLong) = count.multipliedReportingOverflow(by: unit)
    return isTooLong ? nil : now.advanced(byMilliseconds: span)
  }
}
