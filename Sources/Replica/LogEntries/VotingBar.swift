package import Primitives

/// Ends the listening: votes above this round are allowed (protocol rules R30, R32).
package struct VotingBar: Sendable {
  package var round: Round

  package init(_ round: Round) { self.round = round }

  /// Takes over a block that is committed. If it is above the bar and does not end its epoch, no lost vote matters any more,
  /// neither in this epoch nor in a later one: nothing else is ever final above it, so the lost log knew no block that ended
  /// the epoch (R43). View 0 then says so.
  package mutating func take(_ commit: Commit) {
    if let final = commit.finalization?.round { take(final, endsEpoch: commit.closing != nil) }
  }

  /// The same of a block that was committed before, and its round.
  mutating func take(_ final: Round, endsEpoch: Bool) {
    if !endsEpoch, final.epoch == round.epoch, final > round { round.view = .genesis }
  }

  /// Whether it allows votes in the epoch that begins.
  package func serves(_ epoch: Epoch) -> Bool { round.view == .genesis || round.epoch >= epoch }
}

extension VotingBar: LogEntry {
  package static var entryKind: LogEntryKind { .votingBar }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .votingState }

  package init(payload: [UInt8]) throws(CodecError) {
    round = try Reader.whole(payload) { (reader) throws(CodecError) in
      let first: UInt64 = try reader.integer()
      guard reader.remaining > 0 else { return Round(epoch: .first, view: View(first)) }
      guard first > 0 else { throw .invalid(field: "epoch of a voting bar (0 is not written)") }
      return Round(epoch: Epoch(first), view: View(try reader.integer()))
    }
  }

  /// Encodes the epoch, unless it is the first, and the view: the first epoch has the form of versions without epochs.
  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 16)
    if round.epoch != .first { writer.integer(round.epoch.rawValue) }
    writer.integer(round.view.rawValue)
    return writer.bytes
  }
}
