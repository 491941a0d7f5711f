package import BlockLog
package import Primitives

/// Where the committed chain lies in the log: for each height its block, its verdict and, if it has one of its
/// own, its finalization. Derived from the log; 24 bytes a height.
package struct ChainIndex: Sendable {
  package struct Entry: Sendable {
    package var block: RecordAddress
    package var verdict: RecordAddress
    package var finalization: RecordAddress?
  }

  /// Records seen whose block is not committed yet.
  private struct Candidate {
    /// Unknown while only a finalization came: the block itself is still being fetched.
    var height: Height?
    var block: RecordAddress?
    var verdict: RecordAddress?
    var finalization: RecordAddress?
  }

  /// `entries[h - 1]` is height h: genesis is in no log.
  private var entries: [Entry] = []
  private var candidates: [Digest: Candidate] = [:]

  package init() {}

  /// The last committed height.
  package var height: Height { Height(UInt64(entries.count)) }

  package subscript(_ height: Height) -> Entry? {
    guard height > .genesis, height <= self.height else { return nil }
    return entries[Int(height.rawValue) - 1]
  }

  /// Notes the address of a record about `block`. Other kinds are ignored. A finalization may come before its block,
  /// with height 0 because nobody here knows it yet.
  package mutating func note(_ kind: RecordKind, of block: Digest, height: Height, at address: RecordAddress) {
    guard height > self.height || (height == .genesis && kind == .certificate) else { return }
    var candidate = candidates[block] ?? Candidate()
    if height > .genesis { candidate.height = height }
    switch kind {
    case .block: candidate.block = candidate.block ?? address
    case .verdict: candidate.verdict = candidate.verdict ?? address
    case .certificate: candidate.finalization = candidate.finalization ?? address
    case .origin, .vote, .votingBar: return
    }
    candidates[block] = candidate
  }

  /// Commits the next height. Returns false, changing nothing, if block or verdict are not in the log, which
  /// is a defect of the caller.
  package mutating func commit(_ block: Digest, at height: Height) -> Bool {
    guard height == self.height.next, let candidate = candidates[block], candidate.height == height,
      let body = candidate.block, let verdict = candidate.verdict
    else { return false }
    entries.append(Entry(block: body, verdict: verdict, finalization: candidate.finalization))
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
    var current = max(height, Height(1))
    while current <= self.height, current.rawValue - height.rawValue <= UInt64(Limits.syncHeaders) {
      if entries[Int(current.rawValue) - 1].finalization != nil { return current }
      current = Height(current.rawValue + 1)
    }
    return nil
  }
}
