import Primitives
import Testing

@testable import roadbed

@Testing.Suite("Times on the command line")
struct TimeArgumentTests {
  private let now = Timestamp(1_900_000_000_000)

  @Test(
    "A time is given in UTC, or as how long it is from now",
    arguments: [
      ("2030-03-17T18:46:40Z", 1_900_003_600_000), ("2030-03-17T18:46:40.001Z", 1_900_003_600_001),
      ("0s", 1_900_000_000_000), ("90s", 1_900_000_090_000), ("5m", 1_900_000_300_000), ("12h", 1_900_043_200_000),
      ("30d", 1_902_592_000_000),
    ] as [(String, UInt64)])
  func times(text: String, time: UInt64) {
    #expect(TimeArgument.parse(text, now: now) == Timestamp(time))
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "5", "s", "-5s", "+5s", "05s", "5 s", "5S", "1.5h", "5w", "1h30m", "18446744073709551615d",
      "18446744073709551616s", "2030-03-17", "2030-03-17T18:46:40", "2030-03-17T18:46:40+01:00",
    ])
  func refused(text: String) {
    #expect(TimeArgument.parse(text, now: now) == nil)
  }
}
