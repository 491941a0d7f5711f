/// Text in the UTC form of ISO 8601 that RFC 3339 defines: `2031-07-21T09:30:00.000Z`.
extension Timestamp {
  /// The last millisecond that the form can express, at the end of the year 9999.
  private static let last: UInt64 = 253_402_300_799_999

  /// The time with milliseconds. Later times are written as the last millisecond of the year 9999.
  public var iso8601: String {
    let milliseconds = min(rawValue, Timestamp.last)
    let date = CivilDate(daysSince1970: Int(milliseconds / 86_400_000))
    let time = Int(milliseconds % 86_400_000)
    func padded(_ number: Int, _ digits: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(padded(time / 3_600_000, 2)):\(padded(time / 60_000 % 60, 2)):\(padded(time / 1000 % 60, 2))"
      + ".\(padded(time % 1000, 3))Z"
  }

  /// Reads `YYYY-MM-DDTHH:MM:SS[.sss]Z`, with three fractional digits or none, from 1970 on. Returns nil for anything
  /// else, such as a local time, another offset, a day that does not exist or a leap second.
  public init?(iso8601 text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z") else { return nil }
    func number(_ start: Int, _ count: Int) -> Int? {
      var value = 0
      for byte in bytes[start..<start + count] {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    let marks: [(Int, Unicode.Scalar)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
    guard marks.allSatisfy({ bytes[$0] == UInt8(ascii: $1) }),
      let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      year >= 1970, hour < 24, minute < 60, second < 60,
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    var milliseconds = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), let fraction = number(20, 3) else { return nil }
      milliseconds = fraction
    }
    let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
    self.init(UInt64(seconds * 1000 + milliseconds))
  }
}
