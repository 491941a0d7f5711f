package import BlockLog
internal import Cryptography
internal import Ledger
package import Primitives
package import Replica

/// Decides what replaces the damaged stretches of a log: which final blocks to fetch, and whether own votes may be
/// lost.
///
/// Lost records that are not about final blocks are not restored: they led to nothing, or come again. Own votes cannot
/// be restored; where they may have been about views that are not final, the node listens before it votes again
/// (protocol rule R32).
package struct RepairPlan {
  /// A damaged stretch, the blocks to fetch for it, and the meaning of the voids in it.
  package struct Patch: Sendable {
    package var stretch: DamagedStretch
    /// Final blocks that may have been in the stretch.
    package var heights: [Height]
    package var meaning: VoidMeaning

    package init(stretch: DamagedStretch, heights: [Height], meaning: VoidMeaning) {
      self.stretch = stretch
      self.heights = heights
      self.meaning = meaning
    }
  }

  /// How far above the first height of a stretch blocks are requested, at most; further if more records are lost.
  private static let heightLimit: UInt64 = 512

  package private(set) var patches: [Patch] = []
  private var blocks: Set<Digest> = []
  private var executions: Set<Digest> = []
  private let chain: ChainContext

  /// Examines a whole log.
  package init<Storage: Disk>(
    _ cursor: inout SurveyCursor<Storage>, chain: ChainContext
  ) throws(LogError) {
    self.chain = chain
    var hash = HashFunction(chain.suite)
    /// The round of the first own notarize or nullify vote after each stretch: no lost one of these is about a later
    /// round.
    var boundaries: [Round?] = []
    var finalized = Round.genesis
    while let entry = try cursor.nextEntry() {
      switch entry {
      case .stretch(let stretch):
        patches.append(Patch(stretch: stretch, heights: Self.heights(of: stretch), meaning: .votesLost))
        boundaries.append(nil)
      case .record(let record):
        guard let kind = LogEntryKind(rawValue: record.kind),
          let entry = try? DecodedEntry(kind, payload: record.payload)
        else { continue }
        switch entry {
        case .block(let block):
          if let header = try? block.header(chain) { blocks.insert(header.digest(chain, hash: &hash)) }
        case .execution(let execution): executions.insert(execution.result.block)
        case .certificate(let certificate):
          if certificate.kind == .finalize { finalized = max(finalized, certificate.round) }
        case .vote(let vote): Self.bound(&boundaries, by: vote.statement)
        case .statement(let statement): Self.bound(&boundaries, by: statement)
        case .origin, .votingBar, .base, .void, .ownKey: break
        }
      }
    }
    for index in patches.indices where Self.isHarmless(patches[index].stretch, boundaries[index], final: finalized) {
      patches[index].meaning = .harmless
    }
  }

  /// Notes the first own notarize or nullify vote after each stretch that has none. A finalize vote may be about an earlier
  /// view than the current one.
  private static func bound(_ boundaries: inout [Round?], by statement: Statement) {
    guard statement.kind != .finalize else { return }
    for index in boundaries.indices where boundaries[index] == nil { boundaries[index] = statement.round }
  }

  private static func isHarmless(_ stretch: DamagedStretch, _ boundary: Round?, final: Round) -> Bool {
    if stretch.count == 0 { return true }
    switch stretch.loss {
    case .replaceable, .harmless: return true
    case .votingState, .ownVote, nil: break
    }
    // The rounds of these votes only increase, so no vote before the boundary is about a later round.
    return boundary.map { $0 <= final } ?? false
  }

  private static func heights(of stretch: DamagedStretch) -> [Height] {
    if let header = stretch.header {
      return stretch.loss == .replaceable && header.height > .genesis ? [header.height] : []
    }
    if stretch.count == 0 { return [] }
    let first = max(1, stretch.heightBefore.rawValue)
    let last = max(first, stretch.heightAfter?.rawValue ?? first.addingReportingOverflow(16).partialValue)
    let limit = max(heightLimit, UInt64(stretch.count ?? 0))
    return (first...min(last, first.addingReportingOverflow(limit).partialValue)).map { Height($0) }
  }

  /// The fetched records to put back into a patch: those that the log does not contain elsewhere and, if a header is
  /// known, only those of its kind.
  package func replacements(for patch: Patch, _ fetched: [Height: FinalRecord]) -> [ReplacementRecord] {
    var records: [ReplacementRecord] = []
    for height in patch.heights {
      guard let found = fetched[height] else { continue }
      if !blocks.contains(found.block.digest) {
        records.append(ReplacementRecord(BlockEntry(found.block), height: height))
      }
      if !executions.contains(found.block.digest) {
        records.append(ReplacementRecord(found.execution, height: height))
      }
    }
    if let header = patch.stretch.header { records = records.filter { $0.kind == header.kind } }
    return records
  }

  /// The record to write in place of records that are not restored.
  package static func void(_ meaning: VoidMeaning) -> VoidRecord {
    VoidRecord(kind: VoidMeaning.entryKind.rawValue, prefix: meaning.encoded())
  }

  /// Rewrites one patch. If not all replacements fit, for example because several records shared the space, the last
  /// ones are omitted; their blocks are fetched later like any others.
  /// - Parameter origin: how the log began, if that is known. Otherwise a void replaces the log's first record, because no
  ///   peer has it.
  /// - Returns: how many of the replacements were put back.
  package static func repair(
    _ patch: Patch, with replacements: [ReplacementRecord], origin: LogOrigin? = nil,
    rewrite: (DamagedStretch, [ReplacementRecord], VoidRecord) throws(LogError) -> Void
  ) throws(LogError) -> Int {
    let first = patch.stretch.isFirst ? origin.map { ReplacementRecord($0) } : nil
    // That votes are lost must be said also if the replacements leave no space that a void would fill.
    let isSaid = patch.meaning == .votesLost || patch.stretch.isFirst && first == nil
    var records = replacements
    while true {
      var all = [first].compactMap(\.self) + records
      if isSaid, !records.isEmpty { all.insert(ReplacementRecord(patch.meaning), at: 0) }
      do throws(LogError) {
        try rewrite(patch.stretch, all, void(patch.meaning))
        return records.count
      } catch {
        guard case .repairRefused = error, !records.isEmpty else { throw error }
        records.removeLast()
      }
    }
  }
}

extension DamagedStretch {
  /// Whether the stretch begins with the log's first record.
  package var isFirst: Bool { first.rawValue == LogPosition.start.rawValue + 1 }

  /// What the loss of the stretch's record means; nil if it is not known which record that is.
  package var loss: LogEntryLoss? { header.flatMap { LogEntryKind(rawValue: $0.kind)?.loss } }
}
