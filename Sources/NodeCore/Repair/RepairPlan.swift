package import BlockLog
internal import Cryptography
internal import Ledger
package import Primitives
package import Replica

/// What to put in the place of a log's damaged stretches: which final blocks to fetch, and whether own votes may be
/// lost.
///
/// Whatever was lost and is not final is not brought back: it came to nothing, or comes again. Own votes cannot be
/// brought back; where they may have been about views that are not final, the node listens before it votes again
/// (protocol rule R32).
package struct RepairPlan {
  package struct Patch: Sendable {
    package var stretch: DamagedStretch
    /// Final blocks that may have been here.
    package var heights: [Height]
    package var meaning: VoidMeaning

    package init(stretch: DamagedStretch, heights: [Height], meaning: VoidMeaning) {
      self.stretch = stretch
      self.heights = heights
      self.meaning = meaning
    }
  }

  /// Heights that are asked for at one stretch, at most.
  private static let heightLimit: UInt64 = 512

  package private(set) var patches: [Patch] = []
  private var blocks: Set<Digest> = []
  private var executions: Set<Digest> = []
  private let chain: ChainContext

  /// Looks at a whole log.
  package init<Storage: Disk>(
    _ cursor: inout SurveyCursor<Storage>, chain: ChainContext
  ) throws(LogError) {
    self.chain = chain
    var hash = HashFunction(chain.suite)
    /// The view of the first own vote behind each stretch: lost votes are about no later one.
    var boundaries: [View?] = []
    var finalView = View.genesis
    while let entry = try cursor.nextEntry() {
      switch entry {
      case .stretch(let stretch):
        patches.append(Patch(stretch: stretch, heights: Self.heights(of: stretch), meaning: .votesLost))
        boundaries.append(nil)
      case .record(let record):
        guard let kind = RecordKind(rawValue: record.kind) else { continue }
        note(kind, record.payload, &hash)
        if let certificate = Self.certificate(kind, record.payload) { finalView = max(finalView, certificate.view) }
        guard let vote = Self.viewVote(kind, record.payload) else { continue }
        for index in boundaries.indices where boundaries[index] == nil { boundaries[index] = vote }
      }
    }
    for index in patches.indices where Self.isHarmless(patches[index].stretch, boundaries[index], final: finalView) {
      patches[index].meaning = .harmless
    }
  }

  private mutating func note(_ kind: RecordKind, _ payload: [UInt8], _ hash: inout HashFunction) {
    switch kind {
    case .block:
      if let header = try? BlockHeader(bytes: Array(payload.prefix(BlockHeader.byteCount)), chain: chain) {
        blocks.insert(header.digest(chain, hash: &hash))
      }
    case .execution: if let execution = try? ExecutionRecord(payload) { executions.insert(execution.result.block) }
    default: break
    }
  }

  private static func certificate(_ kind: RecordKind, _ payload: [UInt8]) -> Certificate? {
    guard kind == .certificate,
      let certificate = try? Reader.whole(payload, { (reader) throws(CodecError) in try Certificate(from: &reader) }),
      certificate.kind == .finalize
    else { return nil }
    return certificate
  }

  /// The view of a vote that is said in the current view only.
  private static func viewVote(_ kind: RecordKind, _ payload: [UInt8]) -> View? {
    guard kind == .vote,
      let vote = try? Reader.whole(payload, { (reader) throws(CodecError) in try Vote(from: &reader) }),
      vote.statement.kind != .finalize
    else { return nil }
    return vote.statement.view
  }

  private static func isHarmless(_ stretch: DamagedStretch, _ boundary: View?, final: View) -> Bool {
    if stretch.count == 0 { return true }
    if let header = stretch.header, let kind = RecordKind(rawValue: header.kind) {
      switch kind {
      case .block, .execution, .certificate: return true
      case .origin, .vote, .votingBar, .base, .void: break
      }
    }
    // Views only grow, so what was said before the boundary was said in no later view.
    return boundary.map { $0 <= final } ?? false
  }

  private static func heights(of stretch: DamagedStretch) -> [Height] {
    if let header = stretch.header {
      let isBlock = header.kind == RecordKind.block.rawValue || header.kind == RecordKind.execution.rawValue
      return isBlock && header.height > .genesis ? [header.height] : []
    }
    if stretch.count == 0 { return [] }
    let first = max(1, stretch.heightBefore.rawValue)
    let last = max(first, stretch.heightAfter?.rawValue ?? first.addingReportingOverflow(16).partialValue)
    return (first...min(last, first.addingReportingOverflow(heightLimit).partialValue)).map { Height($0) }
  }

  /// The records to put back into a patch, of what was fetched: those that the log does not hold elsewhere, as many as
  /// fit.
  package func replacements(for patch: Patch, _ fetched: [Height: FinalRecord]) -> [ReplacementRecord] {
    var records: [ReplacementRecord] = []
    for height in patch.heights {
      guard let found = fetched[height] else { continue }
      if !blocks.contains(found.block.digest) {
        records.append(
          ReplacementRecord(kind: RecordKind.block.rawValue, height: height, payload: found.block.bytes))
      }
      if !executions.contains(found.block.digest) {
        records.append(
          ReplacementRecord(kind: RecordKind.execution.rawValue, height: height, payload: found.execution.encoded()))
      }
    }
    if let header = patch.stretch.header { records = records.filter { $0.kind == header.kind } }
    return records
  }

  /// What stands in the place of what is not brought back.
  package static func void(_ meaning: VoidMeaning) -> VoidRecord {
    VoidRecord(kind: RecordKind.void.rawValue, prefix: [meaning.rawValue])
  }

  /// Rewrites one patch. If not all replacements fit, as when several records shared the space, the last are left
  /// out: their blocks are fetched later like any others. Where the log's first record was, which says how the log began
  /// and which no peer has, stands a void.
  /// - Returns: how many of the replacements were put back.
  package static func repair(
    _ patch: Patch, with replacements: [ReplacementRecord],
    rewrite: (DamagedStretch, [ReplacementRecord], VoidRecord) throws(LogError) -> Void
  ) throws(LogError) -> Int {
    let isFirst = patch.stretch.first.rawValue == LogPosition.start.rawValue + 1
    let origin = ReplacementRecord(
      kind: RecordKind.void.rawValue, height: .genesis, payload: [patch.meaning.rawValue])
    var records = replacements
    while true {
      do throws(LogError) {
        try rewrite(patch.stretch, isFirst && !records.isEmpty ? [origin] + records : records, void(patch.meaning))
        return records.count
      } catch {
        guard case .repairRefused = error, !records.isEmpty else { throw error }
        records.removeLast()
      }
    }
  }
}
