import Primitives
import Testing

@Testing.Suite("Times as text")
struct TimestampTextTests {
  @Test(
    "Known times are written and read",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_900_000_000_123, "2030-03-17T17:46:40.123Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
  func known(milliseconds: UInt64, text: String) {
    #expect(Timestamp(milliseconds).iso8601 == text)
    #expect(Timestamp(iso8601: text) == Timestamp(milliseconds))
  }

  @Test("Every day from 1970 to 2110 is written and read back")
  func days() {
    for day in 0..<51_500 {
      let time = Timestamp(UInt64(day) * 86_400_000)
      #expect(Timestamp(iso8601: time.iso8601) == time)
    }
  }

  @Test("Seconds have three digits after the point or none")
  func fractions() {
    #expect(Timestamp(iso8601: "1970-01-01T00:00:01Z") == Timestamp(1000))
    #expect(Timestamp(iso8601: "1970-01-01T00:00:01.500Z") == Timestamp(1500))
    #expect(Timestamp(iso8601: "1970-01-01T00:00:01.5Z") == nil)
    #expect(Timestamp(iso8601: "1970-01-01T00:00:01.05Z") == nil)
  }

  @Test(
    "Text that is not a time in UTC is refused",
    arguments: [
      "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00.Z",
      "1970-01-01T00:00:00.0000Z", "1970-02-30T00:00:00Z", "1999-02-29T00:00:00Z", "1970-13-01T00:00:00Z",
      "1970-00-01T00:00:00Z", "1970-01-00T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
      "1970-01-01T00:00:60Z", "1969-12-31T23:59:59Z", "1970-01-01t00:00:00Z", "1970-01-01 00:00:00Z",
      "+970-01-01T00:00:00Z", "1970-01-01T00:00:00é", "١٩٧٠-01-01T00:00:00Z",
    ])
  func refused(text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }

  @Test("A time beyond what the form can write is written as its last")
  func far() {
    #expect(Timestamp(.max).iso8601 == "9999-12-31T23:59:59.999Z")
  }
}
