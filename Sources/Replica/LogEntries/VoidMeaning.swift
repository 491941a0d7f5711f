package import Primitives

/// Stands in the place of records that were damaged and could not be brought back, and says what they may have been: its
/// payload's first byte. What follows only fills the space.
package enum VoidMeaning: UInt8, Sendable {
  /// Nothing that matters any more.
  case harmless = 0
  /// Own votes may be among what is lost, so the node listens before it votes (protocol rule R32).
  case votesLost = 1
}

extension VoidMeaning: LogEntry {
  package static var entryKind: LogEntryKind { .void }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .votingState }

  package init(payload: [UInt8]) throws(CodecError) {
    let raw = payload.first ?? 0
    guard let meaning = VoidMeaning(rawValue: raw) else {
      throw .unknown(field: "meaning of a void record", value: UInt64(raw))
    }
    self = meaning
  }

  package func encoded() -> [UInt8] { [rawValue] }
}
