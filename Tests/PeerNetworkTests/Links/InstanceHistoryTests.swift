internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("The processes of a peer")
struct InstanceHistoryTests {
  private func proofs(_ instances: [UInt64]) -> [Bool] {
    var history = InstanceHistory()
    return instances.map { history.note($0) }
  }

  @Test("C9: an instance that comes back twice after others runs beside them")
  func twins() {
    #expect(proofs([1, 2, 1, 2, 1]) == [false, false, false, false, true])
    #expect(proofs([1, 2, 3, 1, 2, 3, 1]) == [false, false, false, false, false, false, true])
    var history = InstanceHistory()
    for instance in [1, 2, 1, 2, 1] as [UInt64] { _ = history.note(instance) }
    #expect(history.doubled == [1])
    _ = history.note(2)
    #expect(history.doubled == [2, 1])
    // A third process is not among them until it comes back as well.
    _ = history.note(3)
    #expect(history.doubled == [2, 1])
  }

  @Test("C9: restarts, however many, links of one process, and one late hello prove nothing")
  func one() {
    #expect(!proofs([1, 1, 1, 1]).contains(true))
    #expect(!proofs(Array(1...100)).contains(true))
    #expect(!proofs([1, 2, 1, 3, 2, 4]).contains(true))
  }

  @Test("C9: a peer that claims ever new instances occupies no more memory for it")
  func bounded() {
    var history = InstanceHistory()
    for instance in 0..<1000 as Range<UInt64> { for _ in 0..<3 { _ = history.note(instance) } }
    for instance in (0..<1000 as Range<UInt64>).reversed() { _ = history.note(instance) }
    #expect(history.doubled.count <= Hello.doubledLimit)
  }
}
