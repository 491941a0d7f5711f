import LedgerJSON
import Node
import Primitives

/// What a snapshot states about itself, as JSON.
struct SnapshotView: Encodable {
  var height: Height
  var bytes: Int?
  var entries: UInt64?
  var chunks: Int?
  var block: Digest?
  var stateRoot: Digest?
  var blockTime: String?
  /// Why the snapshot cannot be used; absent if no fault is known.
  var fault: ErrorDetail?

  private init(height: Height) { self.height = height }

  init(_ facts: SnapshotFacts) {
    height = facts.height
    bytes = facts.bytes
    entries = facts.entries
    chunks = facts.chunks
    block = facts.block
    stateRoot = facts.stateRoot
    blockTime = facts.blockTime.iso8601
  }

  init(_ finding: SnapshotFolder.Finding) {
    self.init(height: finding.height)
    if let facts = finding.facts { self = SnapshotView(facts) }
    fault = finding.fault.map { ErrorDetail($0) }
  }
}

extension Sheet {
  mutating func add(_ facts: SnapshotFacts) {
    add("height", "\(facts.height), \(facts.blockTime.iso8601)")
    add("block", facts.block)
    add("state root", facts.stateRoot)
    add("content", "\(facts.entries) entries in \(facts.chunks) chunks, \(facts.bytes) bytes")
  }
}
