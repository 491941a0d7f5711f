internal import NIOCore
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Lines about one source of faults")
struct LineBudgetTests {
  @Test(
    "H8: however often a link is made and lost, ten lines in ten seconds are logged, with the number of those left out")
  func lines() {
    var budget = LineBudget()
    var admitted: [Int] = []
    for millisecond in 0..<20_001 as Range<Int64> {
      let now = NIODeadline.uptimeNanoseconds(1) + .milliseconds(millisecond)
      if let suppressed = budget.admit(at: now) { admitted.append(suppressed) }
    }
    #expect(admitted.count == 21)
    #expect(admitted[..<10].allSatisfy { $0 == 0 } && admitted[10] == 9990 && admitted[20] == 9990)
  }
}
