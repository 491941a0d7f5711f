import Primitives
import Testing

@testable import Node

@Testing.Suite("Waiting for a height to be final")
struct HeightWaitersTests {
  private static let far = ContinuousClock.now + .seconds(1_000_000)

  @Test("A wait ends when its height is reached or passed, and not before")
  func reached() async {
    let heights = HeightWaiters(reached: Height(3))
    #expect(await heights.wait(for: Height(3), until: Self.far))
    async let five = heights.wait(for: Height(5), until: Self.far)
    async let seven = heights.wait(for: Height(7), until: Self.far)
    while heights.waiting < 2 { await Task.yield() }
    heights.advance(to: Height(4))
    #expect(heights.waiting == 2)
    heights.advance(to: Height(6))
    #expect(await five)
    #expect(heights.waiting == 1)
    heights.advance(to: Height(7))
    #expect(await seven)
    // A lower height, such as that of an older snapshot, takes nothing back.
    heights.advance(to: Height(2))
    #expect(await heights.wait(for: Height(7), until: Self.far))
  }

  @Test("A wait ends unfulfilled at its deadline, when its request is given up, and when the node stops")
  func unfulfilled() async {
    let heights = HeightWaiters(reached: .genesis)
    #expect(await !heights.wait(for: Height(1), until: .now))
    #expect(await !heights.wait(for: Height(1), until: .now + .milliseconds(20)))
    let abandoned = Task { await heights.wait(for: Height(1), until: Self.far) }
    while heights.waiting < 1 { await Task.yield() }
    abandoned.cancel()
    #expect(await !abandoned.value)
    async let open = heights.wait(for: Height(1), until: Self.far)
    while heights.waiting < 1 { await Task.yield() }
    heights.close()
    #expect(await !open)
    #expect(await !heights.wait(for: Height(1), until: Self.far))
    #expect(heights.waiting == 0)
  }
}
