internal import Ledger
internal import Primitives

/// Follows the final chain of a log by headers alone, up to the block of a snapshot: blocks up to it need not be
/// executed again for the index to find them.
struct HeaderChain {
  private struct Known {
    var height: Height
    var parent: Digest
    var isExecuted: Bool
    /// Whether this block and all blocks down to the tip are here with their executions.
    var isLinked = false
  }

  /// The last height found to be final, and its block, which is unknown if the log was pruned there.
  private(set) var tip: Height
  private var tipBlock: Digest?
  /// The block whose state the snapshot contains.
  let end: FinalBlock
  private var headers: [Digest: Known] = [:]
  private var children: [Digest: [Digest]] = [:]
  /// Execution records that came before their blocks, and finalizations whose blocks are not all here yet.
  private var executions: Set<Digest> = []
  private var finalized: Set<Digest> = []

  init(from height: Height, block: Digest?, to end: FinalBlock) {
    tip = height
    tipBlock = block
    self.end = end
  }

  var isComplete: Bool { tip >= end.height }

  /// Continues from a block that a certificate proves, without linking it to the blocks before it.
  mutating func jump(to block: FinalBlock) {
    tip = block.height
    tipBlock = block.digest
    finalized = []
    forgetBelowTip()
  }

  mutating func add(_ digest: Digest, _ header: BlockHeader) -> [FinalBlock] {
    guard header.height > tip, headers[digest] == nil else { return [] }
    let isExecuted = executions.remove(digest) != nil
    headers[digest] = Known(height: header.height, parent: header.parent, isExecuted: isExecuted)
    children[header.parent, default: []].append(digest)
    return link(digest)
  }

  mutating func addExecution(of digest: Digest) -> [FinalBlock] {
    guard headers[digest] != nil else {
      executions.insert(digest)
      return []
    }
    headers[digest]?.isExecuted = true
    return link(digest)
  }

  mutating func finalize(_ digest: Digest) -> [FinalBlock] {
    let found = settle(digest)
    // A finalization of a block above the end, or of a pruned block, is never matched here, so their number is limited.
    if found.isEmpty, finalized.count < Limits.trackedViews { finalized.insert(digest) }
    return found
  }

  /// Returns the blocks that are final because the snapshot's block is; none if the log does not contain all of them.
  mutating func finish() -> [FinalBlock] { settle(end.digest) }

  func knows(_ digest: Digest) -> Bool { headers[digest] != nil || digest == end.digest || digest == tipBlock }

  /// Handles the arrival of a block or its execution, which may link the blocks above it to the tip, once. Blocks above
  /// a hole in the log are never linked.
  private mutating func link(_ digest: Digest) -> [FinalBlock] {
    var open = [digest]
    var highest: (digest: Digest, height: Height)?
    while let next = open.popLast() {
      guard let known = headers[next], known.isExecuted, !known.isLinked, hasLinkedParent(known) else { continue }
      headers[next]?.isLinked = true
      if finalized.contains(next), highest.map({ $0.height < known.height }) ?? true { highest = (next, known.height) }
      open += children[next] ?? []
    }
    return highest.map { settle($0.digest) } ?? []
  }

  private func hasLinkedParent(_ known: Known) -> Bool {
    if known.height == tip.next { return tipBlock == nil || tipBlock == known.parent }
    return headers[known.parent]?.isLinked ?? false
  }

  private mutating func settle(_ last: Digest) -> [FinalBlock] {
    guard headers[last]?.isLinked ?? false else { return [] }
    var path: [FinalBlock] = []
    var cursor = last
    while let known = headers[cursor], known.height > tip {
      path.append(FinalBlock(digest: cursor, height: known.height))
      cursor = known.parent
    }
    tip = path[0].height
    tipBlock = last
    forgetBelowTip()
    executions.removeAll()
    return path.reversed()
  }

  private mutating func forgetBelowTip() {
    headers = headers.filter { $0.value.height > tip }
    finalized = finalized.filter { headers[$0] != nil || $0 == end.digest }
    children = children.filter { $0.key == tipBlock || headers[$0.key] != nil }
  }
}
