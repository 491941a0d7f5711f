internal import Ledger
package import Primitives

/// A block that is final, without its content.
package struct FinalBlock: Equatable, Sendable {
  package var digest: Digest
  package var height: Height
}

/// Follows the final chain of a log by headers alone, up to the block that a snapshot stands on: blocks below it need
/// not be executed again to be found again.
struct HeaderChain {
  private struct Known {
    var height: Height
    var parent: Digest
    var hasVerdict: Bool
  }

  /// The last height that was found to be final, and its block, which is unknown where the log was pruned.
  private var tip: Height
  private var tipBlock: Digest?
  /// The block that the snapshot stands on.
  let end: FinalBlock
  private var headers: [Digest: Known] = [:]
  /// Verdicts that came before their blocks, and finalizations whose blocks are not all here.
  private var verdicts: Set<Digest> = []
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
    headers = headers.filter { $0.value.height > block.height }
    finalized = []
  }

  mutating func add(_ digest: Digest, _ header: BlockHeader) -> [FinalBlock] {
    guard header.height > tip, headers[digest] == nil else { return [] }
    let hasVerdict = verdicts.remove(digest) != nil
    headers[digest] = Known(height: header.height, parent: header.parent, hasVerdict: hasVerdict)
    return retry()
  }

  mutating func addVerdict(of digest: Digest) -> [FinalBlock] {
    if headers[digest] == nil { verdicts.insert(digest) } else { headers[digest]?.hasVerdict = true }
    return retry()
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

  private mutating func retry() -> [FinalBlock] {
    var found: [FinalBlock] = []
    for digest in finalized.sorted() where headers[digest] != nil { found += settle(digest) }
    return found
  }

  private mutating func settle(_ last: Digest) -> [FinalBlock] {
    var path: [FinalBlock] = []
    var cursor = last
    while let known = headers[cursor] {
      guard known.hasVerdict else { return [] }
      path.append(FinalBlock(digest: cursor, height: known.height))
      guard known.height > tip.next ?? tip else {
        guard tipBlock == nil || tipBlock == known.parent else { return [] }
        break
      }
      cursor = known.parent
    }
    guard let first = path.last, first.height == tip.next else { return [] }
    tip = path[0].height
    tipBlock = last
    headers = headers.filter { $0.value.height > tip }
    verdicts.removeAll()
    finalized.remove(last)
    return path.reversed()
  }
}
