package import Primitives

/// The kinds of record that a node's log holds. The log itself does not look inside.
package enum RecordKind: UInt8, CaseIterable, Sendable {
  /// How this log came to be: the first record of every log.
  case origin = 1
  /// An encoded block, written once, before any vote that depends on it.
  case block = 2
  /// An own vote, durable before it leaves.
  case vote = 3
  case certificate = 4
  /// What executing a block gave: its result and the outcome of every transaction.
  case execution = 5
  /// The end of listening: votes above this view are allowed.
  case votingBar = 6
  /// The blocks that follow stand on one that a certificate vouches for, and whose state is in a snapshot.
  case base = 7
  /// Stands in the place of records that were damaged and could not be brought back.
  case void = 8

  /// Whether something waits for a record of this kind to be durable. The others ride along with the next sync.
  package var isAwaited: Bool {
    switch self {
    case .origin, .vote, .votingBar, .base, .void: true
    case .block, .certificate, .execution: false
    }
  }
}

/// How a node's log came to be, which decides whether it may vote at once.
package enum LogOrigin: UInt8, Sendable {
  /// Made together with the chain: this validator has never voted.
  case founded = 1
  /// Made later, in place of one that is gone or for a node that joins: earlier votes may exist that this log
  /// does not know, so the node listens first (Documentation/protocol.md, R30).
  case joined = 2
}

/// What a void record says about what stood in its place: its payload's first byte.
package enum VoidMeaning: UInt8, Sendable {
  /// Nothing that matters any more.
  case harmless = 0
  /// Own votes may be among what is lost, so the node listens before it votes (Documentation/protocol.md, R32).
  case votesLost = 1
}

/// One record on its way to the log.
package struct PendingRecord: Equatable, Sendable {
  package var kind: RecordKind
  /// The height the record is about, 0 if none.
  package var height: Height
  /// The block the record is about, if it is one that the chain index wants to find again.
  package var block: Digest?
  package var payload: [UInt8]

  package init(_ kind: RecordKind, height: Height = .genesis, block: Digest? = nil, payload: [UInt8]) {
    self.kind = kind
    self.height = height
    self.block = block
    self.payload = payload
  }
}
