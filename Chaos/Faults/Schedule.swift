import Primitives

/// What happens, and in what order, from a seed. The same seed, nodes and faults give the same schedule; what the
/// nodes make of it depends on the machine.
struct Schedule: Sequence, IteratorProtocol {
  private let kinds: [FaultKind]
  private let nodes: Int
  /// Where the disk can be filled.
  private let smallDisk: Int
  private var random: SeededGenerator
  /// Every fault once in a random order, before the next round begins.
  private var round: [FaultKind] = []
  /// One round only, and shorter faults.
  private let isOnce: Bool
  private var rounds = 0

  init(seed: UInt64, kinds: [FaultKind], nodes: Int, smallDisk: Int, isOnce: Bool) {
    self.kinds = kinds
    self.nodes = nodes
    self.smallDisk = smallDisk
    self.isOnce = isOnce
    random = SeededGenerator(seed: seed).fork("schedule")
  }

  /// How long faults last. A validator is passed over once it was silent for some seconds: longer runs have faults on
  /// both sides of that.
  private var milliseconds: ClosedRange<Int> { isOnce ? 2000...4000 : 2000...12_000 }

  /// How many nodes may be struck at once.
  static func tolerated(_ nodes: Int) -> Int { (nodes - 1) / 3 }

  mutating func next() -> Step? {
    guard !kinds.isEmpty else { return nil }
    if round.isEmpty {
      if isOnce, rounds > 0 { return nil }
      rounds += 1
      round = kinds.shuffled(using: &random)
    }
    var faults = [fault(round.removeLast(), avoiding: [])]
    // Where more than one may fail at once, sometimes several do.
    while faults[0].kind.isOfOneNode, faults.count < Schedule.tolerated(nodes), let next = round.last,
      next.isOfOneNode, Bool.random(using: &random)
    {
      let struck = Set(faults.map(\.node))
      if next == .fullDisk, struck.contains(smallDisk) { break }
      round.removeLast()
      faults.append(fault(next, avoiding: struck))
    }
    return Step(faults: faults)
  }

  private mutating func fault(_ kind: FaultKind, avoiding struck: Set<Int>) -> Fault {
    var node = Int.random(in: 1...nodes, using: &random)
    while struck.contains(node) || (kind.losesBlocks && node == 1) { node = node % nodes + 1 }
    return Fault(
      kind: kind, node: kind == .fullDisk ? smallDisk : node,
      milliseconds: Int.random(in: milliseconds, using: &random),
      isOtherForm: Bool.random(using: &random), seed: random.next())
  }
}
