internal import Ledger
internal import Primitives

/// Follows the final chain of a log by headers alone, up to the block that a snapshot stands on: blocks below it need
/// not be executed again to be found again.
struct HeaderChain {
  private struct Known {
    var height: Height
    var parent: Digest
    var isExecuted: Bool
    /// Whether it and all blocks down to the tip are here, with their executions.
    var isLinked = false
  }

  /// The last height that was found to be final, and its block, which is unknown where the log was pruned.
  private var tip: Height
  private var tipBlock: Digest?
  /// The block that the snapshot stands on.
  let end: FinalBlock
  private var headers: [Digest: Known] = [:]
  private var children: [Digest: [Digest]] = [:]
  /// Execution records that came before their blocks, and finalizations whose blocks are not all here.
  private var executions: Set<Digest> = []
  private var finalized: Set<Digest> = []

  init(from height: Height, block: Digest?, to end: FinalBlock) {
    tip = height
    tipBlock = block
    self.end = end
  }

  var isComplete: Bool { tip >= end.height }

  /// The log jumps to a block that a certificate vouches for: what it held before stands for itself.
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
    // One of a block above the end, or of one that was pruned, never comes true here.
    if found.isEmpty, finalized.count < Limits.trackedViews { finalized.insert(digest) }
    return found
  }

  /// What is final because the snapshot's block is. Nothing if the log does not have all of it.
  mutating func finish() -> [FinalBlock] { settle(end.digest) }

  func knows(_ digest: Digest) -> Bool { headers[digest] != nil || digest == end.digest || digest == tipBlock }

  /// A block or its execution came: it may link those above it to the tip, once. A hole in the log links nothing.
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
