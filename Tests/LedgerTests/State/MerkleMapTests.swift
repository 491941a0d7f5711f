import Cryptography
import Primitives
import Testing

@testable import Ledger

@Testing.Suite("The state map")
struct MerkleMapTests {
  /// Keys of which some share long prefixes: random ones hardly ever share more than the first few bits.
  static func key(_ generator: inout SeededGenerator) -> Digest {
    let small = generator.next() % 64
    switch generator.next() % 4 {
    case 0: return Digest(generator.next(), generator.next(), generator.next(), generator.next())
    case 1: return Digest(small << 58, 0, 0, 0)
    case 2: return Digest(0, 0, 0, small)
    default: return Digest(.max, small, .max, 1 << small)
    }
  }

  static func value(_ generator: inout SeededGenerator) -> Digest {
    Digest(generator.next(), 1, 2, 3)
  }

  @Test("The root is that of the content, whatever the history", arguments: [UInt64](1...6))
  func naive(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    var shelf = ShelvedValues()
    var model = NaiveMap()
    for _ in 0..<60 {
      var batch: [Digest: Digest?] = [:]
      for _ in 0..<generator.next() % 40 {
        let key = Self.key(&generator)
        let known = model.content.keys.sorted()
        switch generator.next() % 3 {
        case 0: batch.updateValue(Self.value(&generator), forKey: key)
        case 1: batch.updateValue(nil, forKey: key)
        default:
          guard !known.isEmpty else { continue }
          let other = known[Int(generator.next() % UInt64(known.count))]
          batch.updateValue(generator.next() % 2 == 0 ? nil : Self.value(&generator), forKey: other)
        }
      }
      let changes = batch.map { shelf.change($0.key, $0.value) }
      for change in changes { model.content[change.key] = change.value }
      map.update(changes, hash: &hash)
      map.checkInvariants()
      #expect(map.root == model.root(&hash))
      #expect(map.count == model.content.count)
      for key in model.content.keys { #expect(map.value(of: key, shelf) == model.content[key]) }
    }
  }

  @Test("Restoring old values restores the old root", arguments: [UInt64](1...4))
  func undo(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    var shelf = ShelvedValues()
    var history: [(root: Digest, inverse: [MerkleMap.Change])] = []
    func takeBack(_ last: (root: Digest, inverse: [MerkleMap.Change])) {
      map.update(last.inverse, hash: &hash)
      map.checkInvariants()
      #expect(map.root == last.root)
    }
    for _ in 0..<200 {
      if generator.next() % 3 == 0, let last = history.popLast() {
        takeBack(last)
      } else {
        var batch: [Digest: Digest?] = [:]
        for _ in 0..<generator.next() % 30 {
          let value: Digest? = generator.next() % 3 == 0 ? nil : Self.value(&generator)
          batch.updateValue(value, forKey: Self.key(&generator))
        }
        let inverse = batch.keys.map { shelf.change($0, map.value(of: $0, shelf)) }
        history.append((map.root, inverse))
        map.update(batch.map { shelf.change($0.key, $0.value) }, hash: &hash)
        map.checkInvariants()
      }
    }
    while let last = history.popLast() { takeBack(last) }
    #expect(map.root == MerkleMap.emptyRoot)
    #expect(map.count == 0)
  }

  @Test("One batch and one key at a time give the same root")
  func batches() {
    var generator = SeededGenerator(seed: 9)
    var hash = HashFunction(.sm2SM3)
    var content: [Digest: Digest] = [:]
    for _ in 0..<2000 { content[Self.key(&generator)] = Self.value(&generator) }
    var shelf = ShelvedValues()
    let changes = content.map { shelf.change($0.key, $0.value) }
    var whole = MerkleMap()
    var single = MerkleMap()
    whole.update(changes, hash: &hash)
    for change in changes.shuffled(using: &generator) { single.update([change], hash: &hash) }
    #expect(whole.root == single.root)
    let removals = changes.shuffled(using: &generator).dropLast(7).map { shelf.change($0.key, nil) }
    whole.update(removals, hash: &hash)
    for change in removals { single.update([change], hash: &hash) }
    #expect(whole.root == single.root)
    #expect(whole.count == 7)
  }

  @Test("A change without effect leaves no trace")
  func noChange() {
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    var shelf = ShelvedValues()
    let key = Digest(1, 2, 3, 4)
    map.update([], hash: &hash)
    map.update([shelf.change(key, nil)], hash: &hash)
    #expect(map.root == MerkleMap.emptyRoot)
    #expect(map.count == 0)
    map.update([shelf.change(key, .zero)], hash: &hash)
    let root = map.root
    map.update([shelf.change(key, .zero)], hash: &hash)
    map.update([shelf.change(.zero, nil)], hash: &hash)
    #expect(map.root == root)
    #expect(map.count == 1)
    map.checkInvariants()
  }
}
