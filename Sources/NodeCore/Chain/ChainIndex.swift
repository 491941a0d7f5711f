package import BlockLog
package import Ledger
package import Primitives
package import Replica

/// Where the committed chain is in the log: for each height its block, its execution record and, if it has one, its own
/// finalization. Derived from the log; takes 24 bytes per height. It begins above the base of a log that was pruned or
/// that began with a snapshot.
package struct ChainIndex: Sendable {
  package struct Entry: Sendable {
    package var block: RecordAddress
    package var execution: RecordAddress
    package var finalization: RecordAddress?
  }

  /// Records of a block that is not committed yet.
  private struct Candidate {
    /// Unknown if only a finalization has arrived and the block itself is still being fetched.
    var height: Height?
    var block: RecordAddress?
    var execution: RecordAddress?
    var finalization: RecordAddress?
  }

  /// Blocks up to this height are not in the log; genesis never is.
  package private(set) var base = Height.genesis
  /// The first entry is that of the height above the base.
  private var entries: [Entry] = []
  private var candidates: [Digest: Candidate] = [:]
  /// The closings of the epochs that have ended. Nothing that is proved together lies on both sides of one.
  package private(set) var closings: ClosingBook

  package init(base: Height = .genesis, closings: ClosingBook = ClosingBook()) {
    self.base = base
    self.closings = closings
  }

  package mutating func note(_ closing: Closing) { closings.note(closing) }

  /// The last committed height.
  package var height: Height { Height(base.rawValue + UInt64(entries.count)) }

  package subscript(_ height: Height) -> Entry? {
    guard height > base, height <= self.height else { return nil }
    return entries[Int(height.rawValue - base.rawValue) - 1]
  }

  /// Makes the index begin above `height`, because the log continues there on the strength of a certificate. Earlier
  /// blocks need not be connected to the following ones and are forgotten.
  package mutating func begin(above height: Height) {
    base = height
    entries = []
    candidates = candidates.filter { $0.value.height.map { $0 > height } ?? true }
  }

  /// Notes the new address of a record of a committed height, which was put back elsewhere after damage.
  package mutating func move(_ part: BlockPart, at height: Height, to address: RecordAddress) {
    guard height > base, height <= self.height else { return }
    let place = Int(height.rawValue - base.rawValue) - 1
    switch part {
    case .block: entries[place].block = address
    case .execution: entries[place].execution = address
    case .finalization: break
    }
  }

  /// The first segment with a record of a block above `height`, final or not; nil if there is none. The records of a
  /// later block may lie in an earlier segment: a finalization may come before its block, and a repair moves records.
  package func firstSegment(above height: Height) -> UInt32? {
    let kept = entries.dropFirst(height > base ? Int(height.rawValue - base.rawValue) : 0).lazy.map { entry in
      min(entry.block.segment, entry.execution.segment, entry.finalization?.segment ?? .max)
    }
    let open = candidates.values.lazy.filter { $0.height.map { $0 > height } ?? false }.flatMap { candidate in
      [candidate.block, candidate.execution, candidate.finalization].compactMap { $0?.segment }
    }
    return [kept.min(), open.min()].compactMap { $0 }.min()
  }

  /// Forgets the heights up to and including `height`, and every record in a segment before `segment`, which are
  /// removed from the log.
  package mutating func prune(through height: Height, before segment: UInt32) {
    if height > base {
      entries.removeFirst(Int(min(height, self.height).rawValue - base.rawValue))
      base = height
    }
    func remaining(_ address: RecordAddress?) -> RecordAddress? { address.flatMap { $0.segment < segment ? nil : $0 } }
    candidates = candidates.compactMapValues { candidate in
      let left = Candidate(
        height: candidate.height, block: remaining(candidate.block), execution: remaining(candidate.execution),
        finalization: remaining(candidate.finalization))
      return left.block == nil && left.execution == nil && left.finalization == nil ? nil : left
    }
  }

  /// Notes the address of a record about `block`. A finalization may come before its block; it then has height 0,
  /// because the height is not known here yet.
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

  /// Commits the next height. Returns false without changing anything if its block or execution record is not in the
  /// log, which is a defect of the caller.
  package mutating func commit(_ block: Digest, at height: Height) -> Bool {
    guard height == self.height.next, let candidate = candidates[block], candidate.height == height,
      let body = candidate.block, let execution = candidate.execution
    else { return false }
    entries.append(Entry(block: body, execution: execution, finalization: candidate.finalization))
    candidates[block] = nil
    // Few candidates remain, except while catching up; stale ones are then not dropped at every height.
    if candidates.count < Limits.orphanBlocks || height.rawValue.isMultiple(of: 64) { dropStale() }
    return true
  }

  /// Forgets the records of blocks that were given up and, if there are many, finalizations whose blocks never came.
  private mutating func dropStale() {
    candidates = candidates.filter { $0.value.height.map { $0 > height } ?? true }
    if candidates.count > Limits.trackedViews { candidates = candidates.filter { $0.value.height != nil } }
  }

  /// What proves that a block is final: the height of the lowest block, from its own up, that has a finalization, and that.
  package struct Finality: Sendable {
    package var height: Height
    package var certificate: Source

    package enum Source: Sendable {
      case record(RecordAddress)
      /// That of the last block of an epoch, which is kept apart from the log.
      case closing(Certificate)
    }
  }

  /// What proves the block at `height`; nil if there is nothing within `Limits.syncHeaders`.
  package func finality(of height: Height) -> Finality? {
    let closing = closings.first(from: height)
    var current = max(height, Height(base.rawValue + 1))
    while current.rawValue - height.rawValue <= UInt64(Limits.syncHeaders), let entry = self[current] {
      if let address = entry.finalization { return Finality(height: current, certificate: .record(address)) }
      if let closing, closing.result.height == current {
        return Finality(height: current, certificate: .closing(closing.certificate))
      }
      current = Height(current.rawValue + 1)
    }
    return nil
  }

  /// The height of `finality(of:)`.
  package func certified(from height: Height) -> Height? { finality(of: height)?.height }
}
