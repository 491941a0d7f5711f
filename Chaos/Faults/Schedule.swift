import Primitives

/// Decides from a seed which faults happen in which order. The same seed, nodes and faults give the same schedule; how
/// the nodes react depends on the machine.
struct Schedule: Sequence, IteratorProtocol {
  private let kinds: [FaultKind]
  private let nodes: Int
  /// The number of the node whose disk can be filled.
  private let smallDisk: Int
  private var random: SeededGenerator
  /// The faults left in this round. Each round contains every kind once, in random order.
  private var round: [FaultKind] = []
  /// Whether there is only one round, with shorter faults.
  private let isOnce: Bool
  private var rounds = 0

  init(seed: UInt64, kinds: [FaultKind], nodes: Int, smallDisk: Int, isOnce: Bool) {
    self.kinds = kinds
    self.nodes = nodes
    self.smallDisk = smallDisk
    self.isOnce = isOnce
    random = SeededGenerator(seed: seed).fork("schedule")
  }

  /// How long faults last. Nodes stop waiting for a validator that has been silent for some seconds; longer runs have
  /// faults both shorter and longer than that.
  private var milliseconds: ClosedRange<Int> { isOnce ? 2000...4000 : 2000...12_000 }

  /// How many nodes may be affected at a time.
  static func tolerated(_ nodes: Int) -> Int { (nodes - 1) / 3 }

  mutating func next() -> Step? {
    guard !kinds.isEmpty else { return nil }
    if round.isEmpty {
      if isOnce, rounds > 0 { return nil }
      rounds += 1
      round = kinds.shuffled(using: &random)
    }
    var faults = [fault(round.removeLast(), avoiding: [])]
    // If the chain tolerates more than one failed node, sometimes several fail together.
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
