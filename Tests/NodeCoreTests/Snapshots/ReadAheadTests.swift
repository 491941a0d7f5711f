import NodeCore
import Primitives
import Testing

@Testing.Suite("Decoding ahead of the loader")
struct ReadAheadTests {
  /// The greatest number of chunks, and of bytes, that wait at the same time.
  private func most(_ sizes: [Int]) -> (chunks: Int, bytes: Int) {
    var ahead = ReadAhead(sizes)
    var waiting: [Int] = []
    var most = (chunks: 0, bytes: 0)
    var taken: [Int] = []
    while true {
      waiting += ahead.give()
      most.chunks = max(most.chunks, waiting.count)
      most.bytes = max(most.bytes, waiting.reduce(0) { $0 + sizes[$1] })
      guard let index = ahead.take() else { break }
      #expect(waiting.removeFirst() == index)
      taken.append(index)
    }
    #expect(taken == Array(sizes.indices))
    return most
  }

  @Test("S4: large chunks that follow one another are decoded a few at a time; small ones keep all threads at work")
  func bounds() {
    #expect(most(Array(repeating: Limits.snapshotChunkBytes, count: 100)) == (4, 4 * Limits.snapshotChunkBytes))
    #expect(most(Array(repeating: 4, count: 100)) == (64, 256))
    #expect(most([]) == (0, 0))
    #expect(most([1 << 30, 1 << 30]) == (1, 1 << 30))
  }
}
