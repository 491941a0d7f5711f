import Primitives
import Testing

@testable import Ledger

@Testing.Suite("Heaps")
struct FlatHeapTests {
  /// An element that is equal only to itself, although others may have the same rank.
  private struct Item: Comparable, BitwiseCopyable {
    var rank: Int
    var number: Int

    static func < (left: Item, right: Item) -> Bool { left.rank < right.rank }
  }

  @Test(
    "A heap gives its elements in ascending order, whatever was added and removed before", arguments: [UInt64](1...6))
  func order(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var heap = FlatHeap<Int>()
    var sorted: [Int] = []
    for step in 0..<4000 {
      switch Int.random(in: 0..<100, using: &generator) {
      case 0..<(step / 1000 % 2 == 0 ? 70 : 30):
        let element = Int.random(in: 0..<200, using: &generator)
        heap.push(element)
        sorted.insert(element, at: sorted.firstIndex { $0 > element } ?? sorted.endIndex)
      case 99:
        // The odd ones go, and of each other one stays.
        heap.removeAll { $0 % 2 == 1 }
        sorted = Set(sorted.filter { $0 % 2 == 0 }).sorted()
      case 98:
        let more = (0..<20).map { _ in Int.random(in: 0..<200, using: &generator) }
        for element in more { heap.append(element) }
        heap.restore()
        sorted = (sorted + more).sorted()
      default:
        guard !sorted.isEmpty else { continue }
        #expect(heap.first == sorted[0])
        heap.removeFirst()
        sorted.removeFirst()
      }
      #expect(heap.count == sorted.count && heap.first == sorted.first)
    }
    while let first = heap.first {
      #expect(first == sorted.removeFirst())
      heap.removeFirst()
    }
    #expect(sorted.isEmpty)
  }

  @Test("Of elements with one rank, only repetitions are dropped")
  func repetitions() {
    var heap = FlatHeap<Item>()
    for number in [1, 2, 1, 3, 3] { heap.push(Item(rank: 5, number: number % 2)) }
    heap.push(Item(rank: 4, number: 7))
    heap.removeAll { $0.number == 0 }
    #expect(heap.count == 2 && heap.first == Item(rank: 4, number: 7))
    heap.removeFirst()
    #expect(heap.first == Item(rank: 5, number: 1))
  }
}
