import Cryptography
import Ledger
import Primitives

/// The state map.
enum MapBench {
  static func run(_ report: Report) {
    let keys = 1_000_000
    let batch = 10_000
    report.note("state map: \(keys) random keys, batches of \(batch)")
    var generator = SeededGenerator(seed: 1)
    func digest() -> Digest { Digest(generator.next(), generator.next(), generator.next(), generator.next()) }
    func change(_ key: Digest, _ value: Digest?) -> MerkleMap.Change {
      MerkleMap.Change(key: key, value: value, place: .remembered(0))
    }
    var map = MerkleMap()
    var hash = HashFunction(.p256SHA256)
    var all: [Digest] = []
    all.reserveCapacity(keys)
    for _ in 0..<keys { all.append(digest()) }
    var filling = Cost()
    let before = Report.residentBytes()
    for start in stride(from: 0, to: keys, by: batch) {
      let changes = all[start..<start + batch].map { change($0, digest()) }
      filling += Cost.measure { map.update(changes, hash: &hash) }
    }
    report.line("map: fill, per inserted key", keys, filling, "key")
    report.note("memory: \((Report.residentBytes() - before) / keys) bytes per key")
    replace("map: replace", 30)
    replace("map: replace again", 30)

    func replace(_ name: String, _ rounds: Int) {
      var total = Cost()
      for _ in 0..<rounds {
        var seen: Set<Digest> = []
        var changes: [MerkleMap.Change] = []
        while changes.count < batch {
          let key = all[Int(generator.next() % UInt64(keys))]
          if seen.insert(key).inserted { changes.append(change(key, digest())) }
        }
        total += Cost.measure { map.update(changes, hash: &hash) }
      }
      report.line(name, rounds * batch, total, "updated key")
    }

    var total = Cost()
    let rounds = 30
    for round in 0..<rounds {
      let taken = (0..<batch / 2).map { change(all[round * batch / 2 + $0], nil) }
      let added = (0..<batch / 2).map { _ in change(digest(), digest()) }
      let changes = taken + added
      total += Cost.measure { map.update(changes, hash: &hash) }
    }
    report.line("map: half inserted, half deleted", rounds * batch, total, "changed key")
  }
}
