import Primitives
import Testing

@testable import Ledger

@Testing.Suite("Prefixes of the map's keys")
struct KeyPrefixTests {
  @Test(
    "S4: the prefixes of chunks have every key once, or are refused",
    arguments: [
      [], [1], [0, 0], [1, 1, 1], [1, 2], [2, 1, 2], [1, 1, 0], [2, 2, 2], [255], [1, 2, 3, 4],
      [255, 255, 255, 255] as [UInt8],
    ])
  func incomplete(depths: [UInt8]) {
    #expect(KeyPrefix.all(depths) == nil)
  }

  @Test(
    "complete prefixes follow one another, and each has its own keys",
    arguments: [
      [0], [1, 1], [2, 2, 1], [1, 3, 3, 2], [2, 2, 2, 2],
      Array(1...255) + [255] as [UInt8], [255] + Array(1...255).reversed(),
    ])
  func complete(depths: [UInt8]) throws {
    let prefixes = try #require(KeyPrefix.all(depths))
    #expect(prefixes.map(\.bits) == depths.map(Int.init))
    for (index, prefix) in prefixes.enumerated() {
      #expect(prefixes.filter { $0.contains(prefix.start) } == [prefix])
      if index > 0 { #expect(prefixes[index - 1].start < prefix.start) }
    }
    let joined = KeyPrefix.combine(prefixes.map { "\($0.bits)" }, depth: { prefixes[$0].bits }) { _, left, right, _ in
      "\(left),\(right)"
    }
    #expect(joined == depths.map { "\($0)" }.joined(separator: ","))
  }

  @Test("the halves of a prefix are those of its keys that have 0 and 1 in the next bit")
  func halves() {
    var prefix = KeyPrefix.all
    for bit in 0..<255 {
      let (low, high) = prefix.halves
      #expect(low.start == prefix.start && high.bits == bit + 1 && low.bits == bit + 1)
      #expect(high.start.firstDifferingBit(from: low.start) == bit)
      #expect(prefix.contains(high.start) && !low.contains(high.start) && !high.contains(low.start))
      prefix = bit.isMultiple(of: 3) ? high : low
    }
    #expect(KeyPrefix(5, bits: 3) == KeyPrefix.all.halves.1.halves.0.halves.1)
  }
}
