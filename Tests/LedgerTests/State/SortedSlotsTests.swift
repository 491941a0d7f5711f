import Primitives
import Testing

@testable import Ledger

@Testing.Suite("Slots in key order")
struct SortedSlotsTests {
  @Test("Slots are listed in key order from any key, whatever was added and removed", arguments: [UInt64](1...4))
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var sorted = SortedSlots()
    var keys: [UInt64] = []
    var model: [(key: UInt64, slot: UInt32)] = []
    for step in 0..<6000 {
      if step % 3 != 2 || model.isEmpty {
        let key = generator.next() >> 1
        let slot = UInt32(keys.count)
        keys.append(key)
        sorted.insert(slot) { keys[Int($0)] < key }
        model.append((key, slot))
      } else {
        let (key, slot) = model.remove(at: Int(generator.next() % UInt64(model.count)))
        sorted.remove(slot) { keys[Int($0)] < key }
      }
    }
    model.sort { $0.key < $1.key }
    #expect(sorted.count == model.count)
    for from in [0, 1 << 61, 1 << 62, .max, model[100].key, model[100].key + 1] as [UInt64] {
      var found: [UInt32] = []
      sorted.visit(from: { keys[Int($0)] < from }) { slot in
        found.append(slot)
        return found.count < 700
      }
      #expect(found == model.filter { $0.key >= from }.prefix(700).map(\.slot))
    }
  }
}
