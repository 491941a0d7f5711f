package import BlockLog
package import Primitives
package import Replica

/// Where the committed chain lies in the log: for each height its block, its execution and, if it has one of its
/// own, its finalization. Derived from the log; 24 bytes a height. Begins above the base of a log that was pruned, or
/// that began with a snapshot.
package struct ChainIndex: Sendable {
  package struct Entry: Sendable {
    package var block: RecordAddress
    package var execution: RecordAddress
    package var finalization: RecordAddress?
  }

  /// Records seen whose block is not committed yet.
  private struct Candidate {
    /// Unknown while only a finalization came: the block itself is still being fetched.
    var height: Height?
    var block: RecordAddress?
    var execution: RecordAddress?
    var finalization: RecordAddress?
  }

  /// Blocks up to here are not in the log: genesis never is.
  package private(set) var base = Height.genesis
  /// The first is of the height above the base.
  private var entries: [Entry] = []
  private var candidates: [Digest: Candidate] = [:]

  package init(base: Height = .genesis) { self.base = base }

  /// The last committed height.
  package var height: Height { Height(base.rawValue + UInt64(entries.count)) }

  package subscript(_ height: Height) -> Entry? {
    guard height > base, height <= self.height else { return nil }
    return entries[Int(height.rawValue - base.rawValue) - 1]
  }

  /// The log goes on above `height`, on the word of a certificate: what it had before is not part of one piece with
  /// what follows, and is forgotten.
  package mutating func begin(above height: Height) {
    base = height
    entries = []
    candidates = candidates.filter { $0.value.height.map { $0 > height } ?? true }
  }

  /// A record of a committed height lies at another address: it was written back after damage.
  package mutating func move(_ part: BlockPart, at height: Height, to address: RecordAddress) {
    guard height > base, height <= self.height else { return }
    let place = Int(height.rawValue - base.rawValue) - 1
    switch part {
    case .block: entries[place].block = address
    case .execution: entries[place].execution = address
    case .finalization: break
    }
  }

  /// Forgets the heights up to `height`, whose records leave the log.
  package mutating func prune(through height: Height) {
    guard height > base else { return }
    entries.removeFirst(Int(min(height, self.height).rawValue - base.rawValue))
    base = height
  }

  /// Notes the address of a record about `block`. A finalization may come before its block, with height 0 because
  /// nobody here knows it yet.
  package mutating func note(_ part: BlockPart, of block: Digest, height: Height, at address: RecordAddress) {
    guard height > self.height || (height == .genesis && part == .finalization) else { return }
    var candidate = candidates[block] ?? Candidate()
    if height > .genesis { candidate.height = height }
    switch part {
    case .block: candidate.block = candidate.block ?? address
    case .execution: candidate.execution = candidate.execution ?? address
    case .finalization: candidate.finalization = candidate.finalization ?? address
    }
    candidates[block] = candidate
  }

  /// Commits the next height. Returns false, changing nothing, if block or execution are not in the log, which
  /// is a defect of the caller.
  package mutating func commit(_ block: Digest, at height: Height) -> Bool {
    guard height == self.height.next, let candidate = candidates[block], candidate.height == height,
      let body = candidate.block, let execution = candidate.execution
    else { return false }
    entries.append(Entry(block: body, execution: execution, finalization: candidate.finalization))
    candidates[block] = nil
    // Few are left over, except while catching up: then not at every height.
    if candidates.count < Limits.orphanBlocks || height.rawValue.isMultiple(of: 64) { dropStale() }
    return true
  }

  /// Forgets records of blocks that were given up, and, if there are many, finalizations whose block never came.
  private mutating func dropStale() {
    candidates = candidates.filter { $0.value.height.map { $0 > height } ?? true }
    if candidates.count > Limits.trackedViews { candidates = candidates.filter { $0.value.height != nil } }
  }

  /// The lowest height, `height` or above, that has a finalization of its own; nil if there is none within
  /// `Limits.syncHeaders`.
  package func certified(from height: Height) -> Height? {
    var current = max(height, Height(base.rawValue + 1))
    while current.rawValue - height.rawValue <= UInt64(Limits.syncHeaders), let entry = self[current] {
      if entry.finalization != nil { return current }
      current = Height(current.rawValue + 1)
    }
    return nil
  }
}
