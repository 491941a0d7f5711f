import Primitives
import TestHarness
import Testing

@testable import Ledger

@Testing.Suite("The index of slots")
struct SlotIndexTests {
  @Test("Slots are found by their keys, whatever was added and removed", arguments: [UInt64](1...3))
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var index = SlotIndex()
    var hashes: [UInt64] = []
    var present: [UInt32] = []
    for step in 0..<20_000 {
      // Many hashes have equal upper halves, so that their searches overlap.
      if step % 5 < 3 || present.isEmpty {
        let slot = UInt32(hashes.count)
        hashes.append((generator.next() % 64) << 58 | (generator.next() % 4) << 32)
        index.insert(hashes[Int(slot)], slot)
        present.append(slot)
      } else {
        let slot = present.remove(at: Int(generator.next() % UInt64(present.count)))
        index.remove(hashes[Int(slot)], slot)
        let gone = index.slot(hashes[Int(slot)]) { $0 == slot }
        #expect(gone == nil)
      }
      if step % 997 == 0 {
        for slot in present {
          let found = index.slot(hashes[Int(slot)]) { $0 == slot }
          #expect(found == slot)
        }
        let count = index.count
        #expect(count == present.count)
      }
    }
  }

  @Test("Similar names and numbers are spread over all buckets")
  func spread() throws {
    let seed = HashSeed.process
    let size = 4096
    func crowded(_ hashes: [UInt64]) -> Int {
      var buckets = [Int](repeating: 0, count: size)
      for hash in hashes { buckets[Int(hash >> 52)] += 1 }
      return buckets.max() ?? 0
    }
    let numbers = 0..<UInt64(size)
    // With 4096 items spread randomly over 4096 buckets, the fullest bucket has 6 or 7, and 12 almost never.
    #expect(crowded(numbers.map { ($0 << 32).hash(seed) }) < 12)
    #expect(crowded(numbers.map { $0.hash(seed) }) < 12)
    #expect(crowded(numbers.map { Samples.name("m\($0)").hash(seed) }) < 12)
    #expect(crowded(numbers.map { Samples.name("a-member-with-a-long-name-\($0)").hash(seed) }) < 12)
    #expect(crowded(numbers.map { Samples.account("bank-a/customers/\($0)").hash(seed) }) < 12)
    let long = "bank-a/customers/of-the-branch-at-the-station/"
    #expect(crowded(numbers.map { Samples.account("\(long)\($0)").hash(seed) }) < 12)
  }
}
