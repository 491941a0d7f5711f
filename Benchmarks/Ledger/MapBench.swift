import Cryptography
import Ledger
import Primitives

/// The state map and the hash below it.
enum MapBench {
  static func hash() {
    for suite in [Suite.p256SHA256, .sm2SM3] {
      var function = HashFunction(suite)
      let input = [UInt8](repeating: 7, count: 73)
      let rounds = 1_000_000
      var last = Digest.zero
      let duration = Report.measure {
        for _ in 0..<rounds { last = function.hash(input) }
      }
      precondition(last != .zero, "a hash of zero")
      Report.line("hash of 73 bytes, \(suite.name)", rounds, duration, "hash")
    }
  }

  static func map() {
    let keys = 1_000_000
    let batch = 10_000
    Report.note("state map: \(keys) random keys, batches of \(batch)")
    var generator = SeededGenerator(seed: 1)
    func digest() -> Digest { Digest(generator.next(), generator.next(), generator.next(), generator.next()) }
    var map = MerkleMap()
    var hash = HashFunction(.p256SHA256)
    var all: [Digest] = []
    all.reserveCapacity(keys)
    for _ in 0..<keys { all.append(digest()) }
    var inverse: [MerkleMap.Change] = []
    var filling: Duration = .zero
    let before = Report.residentBytes()
    for start in stride(from: 0, to: keys, by: batch) {
      let changes = all[start..<start + batch].map { MerkleMap.Change(key: $0, value: digest()) }
      inverse.removeAll(keepingCapacity: true)
      filling += Report.measure { map.update(changes, inverse: &inverse, hash: &hash) }
    }
    Report.line("map: fill, per inserted key", keys, filling, "key")
    Report.note("memory: \((Report.residentBytes() - before) / keys) bytes per key")
    run("map: replace", 30)
    run("map: replace again", 30)

    func run(_ name: String, _ rounds: Int) {
      var total: Duration = .zero
      for _ in 0..<rounds {
        var seen: Set<Digest> = []
        var changes: [MerkleMap.Change] = []
        while changes.count < batch {
          let key = all[Int(generator.next() % UInt64(keys))]
          if seen.insert(key).inserted { changes.append(MerkleMap.Change(key: key, value: digest())) }
        }
        inverse.removeAll(keepingCapacity: true)
        total += Report.measure { map.update(changes, inverse: &inverse, hash: &hash) }
      }
      Report.line(name, rounds * batch, total, "updated key")
    }

    var total: Duration = .zero
    let rounds = 30
    for round in 0..<rounds {
      let taken = (0..<batch / 2).map { MerkleMap.Change(key: all[round * batch / 2 + $0], value: nil) }
      let added = (0..<batch / 2).map { _ in MerkleMap.Change(key: digest(), value: digest()) }
      let changes = taken + added
      inverse.removeAll(keepingCapacity: true)
      total += Report.measure { map.update(changes, inverse: &inverse, hash: &hash) }
    }
    Report.line("map: half inserted, half deleted", rounds * batch, total, "changed key")
  }
}
