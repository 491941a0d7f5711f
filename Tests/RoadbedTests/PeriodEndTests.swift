import Primitives
import Testing

@testable import roadbed

@Testing.Suite("The ends of a period on the command line")
struct PeriodEndTests {
  @Test("An end is a height, a time in UTC, or a day, which stands for its beginning")
  func forms() {
    #expect(PeriodEnd("0") == .block(.genesis) && PeriodEnd("17") == .block(Height(17)))
    #expect(PeriodEnd("2030-03-17T18:46:40.001Z") == .time(Timestamp(1_900_003_600_001)))
    #expect(PeriodEnd("2030-03-17") == .time(Timestamp(1_899_936_000_000)))
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "-1", "+1", "017", "1.0", "12h", "2030-3-17", "2030-02-30", "2030-03", "2030-03-17T00:00:00", "now",
    ])
  func refused(text: String) {
    #expect(PeriodEnd(text) == nil)
  }

  @Test("A cell of CSV is quoted if it must be, and a text of somebody else is no formula")
  func cells() {
    #expect(StatementRows.cell("plain text") == "plain text" && StatementRows.cell("a,b") == "\"a,b\"")
    #expect(StatementRows.cell("say \"a\"") == "\"say \"\"a\"\"\"" && StatementRows.cell("a\nb") == "\"a\nb\"")
    for text in ["=1", "+1", "-1", "@a"] { #expect(StatementRows.foreign(text) == "'" + text) }
    #expect(StatementRows.foreign(nil) == "" && StatementRows.foreign("a=1") == "a=1")
  }
}
