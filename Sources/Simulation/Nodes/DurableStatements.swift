internal import Primitives
internal import Replica

/// The votes, blocks and voting bars that are known to be durable on one disk, learned by watching what the node appends
/// and syncs.
struct DurableStatements {
  private enum Item {
    case vote(Statement)
    case block(Digest)
    case votingBar
  }

  private var pending: [(position: LogPosition, item: Item)] = []
  private(set) var votes: Set<Statement> = []
  private(set) var blocks: Set<Digest> = []

  /// Whether a crash may lose a voting bar, so that the next start listens again.
  var isBarPending: Bool { pending.contains { if case .votingBar = $0.item { true } else { false } } }

  mutating func appended(_ record: PendingRecord, at position: LogPosition) {
    switch record.kind {
    case .vote:
      if let vote = try? Vote(payload: record.payload) { pending.append((position, .vote(vote.statement))) }
    case .statement:
      if let statement = try? Statement(payload: record.payload) { pending.append((position, .vote(statement))) }
    case .block:
      if let digest = record.block { pending.append((position, .block(digest))) }
    case .votingBar: pending.append((position, .votingBar))
    case .origin, .certificate, .execution, .base, .void, .ownKey: break
    }
  }

  mutating func synced(upTo position: LogPosition) {
    var count = 0
    for entry in pending {
      guard entry.position <= position else { break }
      switch entry.item {
      case .vote(let statement): votes.insert(statement)
      case .block(let digest): blocks.insert(digest)
      case .votingBar: break
      }
      count += 1
    }
    pending.removeFirst(count)
  }

  /// Forgets what was not synced when the node crashed: it may or may not have survived.
  mutating func crashed() { pending.removeAll() }

  /// Adds what a restart has read back, which is durable.
  mutating func restored(_ vote: Statement) { votes.insert(vote) }
  mutating func restored(block: Digest) { blocks.insert(block) }
}
