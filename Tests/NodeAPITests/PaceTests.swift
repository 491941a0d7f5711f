import NIOCore
import Testing

@testable import NodeAPI

@Testing.Suite("The pace of a body")
struct PaceTests {
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

  private func deadline(_ pace: Pace) -> NIODeadline { pace.deadline(pause: .seconds(10), bytesPerSecond: 1000) }

  @Test("A body of which nothing arrives is ended after the pause")
  func nothing() {
    #expect(deadline(Pace(at: start)) == start + .seconds(10))
  }

  @Test("A body that keeps to the rate is never late")
  func steady() {
    var pace = Pace(at: start)
    for second in 1...1000 {
      let now = start + .seconds(Int64(second))
      pace.moved(to: second * 1000, at: now)
      #expect(deadline(pace) > now)
    }
    #expect(deadline(pace) == start + .seconds(1010))
  }

  @Test("A pause ends a body, however fast it was before")
  func pause() {
    var pace = Pace(at: start)
    pace.moved(to: 10_000_000, at: start + .seconds(1))
    #expect(deadline(pace) == start + .seconds(11))
  }

  @Test("A trickle ends a body, however regular it is")
  func trickle() {
    var pace = Pace(at: start)
    for second in 1...20 { pace.moved(to: second, at: start + .seconds(Int64(second))) }
    #expect(deadline(pace) < start + .seconds(11))
  }

  @Test("Bytes that were seen already are no progress")
  func repeated() {
    var pace = Pace(at: start)
    pace.moved(to: 500, at: start + .seconds(1))
    pace.moved(to: 500, at: start + .seconds(9))
    #expect(deadline(pace) == start + .milliseconds(10_500))
    #expect(pace.bytes == 500)
  }
}
