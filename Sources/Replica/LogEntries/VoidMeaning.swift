package import Primitives

/// Takes the place of records that were damaged and could not be restored. The first byte of its payload says what they
/// may have been; the other bytes only fill the space.
package enum VoidMeaning: UInt8, Sendable {
  /// Nothing that still matters was lost.
  case harmless = 0
  /// Own votes may have been lost, so the node listens before it votes (protocol rule R32).
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
