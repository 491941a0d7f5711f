import Primitives
import Testing

@testable import Consensus

@Testing.Suite("The views in memory")
struct ViewWindowTests {
  private func state(_ window: inout ViewWindow, nullified view: UInt64) {
    let index = window.open(View(view), leader: ValidatorIndex(0))
    window[index].store(ConsensusHarness().certificate(nullify(view)))
  }

  @Test("C13: a long run of given-up views is kept in bounded memory without loss")
  func bridge() {
    var window = ViewWindow()
    for view in UInt64(1)...100 {
      state(&window, nullified: view)
      window.bound(10, finalized: .genesis, usable: .genesis, current: View(view + 1))
    }
    #expect(window.states.count == 10)
    #expect((1...101).filter { !window.isNullified(View($0)) } == [101])
    #expect(window.forgotten == View(90))
    window.checkInvariants(finalized: .genesis)
  }

  @Test("C13: views above a hole are dropped, and follow again once the hole is filled from below")
  func hole() {
    var window = ViewWindow()
    for view in UInt64(2)...30 { state(&window, nullified: view) }
    window.bound(10, finalized: .genesis, usable: .genesis, current: View(31))
    #expect(window.states.count == 10)
    #expect((1...30).filter { !window.isNullified(View($0)) }.contains(2))
    for view in UInt64(1)...20 {
      #expect(view > window.closed.rawValue)
      state(&window, nullified: view)
      window.bound(10, finalized: .genesis, usable: .genesis, current: View(31))
    }
    #expect((1...30).allSatisfy { window.isNullified(View($0)) })
    #expect(window.states.count == 10)
  }

  @Test("Rounds are found by view, and dropped below the retained ones")
  func prune() {
    var window = ViewWindow()
    for view in [5, 1, 9] as [UInt64] { _ = window.open(View(view), leader: ValidatorIndex(0)) }
    #expect(window.states.map(\.view) == [View(1), View(5), View(9)])
    #expect(window.index(of: View(6)) == nil)
    #expect(window.positions(above: View(1)) == 1..<3)
    #expect(window.positions(above: View(.max)).isEmpty)
    window.prune(below: View(6))
    #expect(window.states.map(\.view) == [View(9)])
  }
}
