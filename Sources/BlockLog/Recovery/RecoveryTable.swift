import Primitives

/// What a restart does about what it finds.
///
/// | at the first place without a valid record | a durable mark proves that place | zeros explain it | decision |
/// |---|---|---|---|
/// | zeros to the end, after a clean-end mark | no | - | clean |
/// | zeros to the end, no clean-end mark | no | - | unclosed |
/// | zeros to the end | yes | - | refuse: missing record |
/// | hole | yes | - | refuse: missing record |
/// | hole | no | - | cut |
/// | bad header | yes | any | refuse: bad header |
/// | bad header | no | no | refuse: bad header |
/// | bad header | no | yes | cut |
/// | bad payload | yes | any | refuse: bad payload |
/// | bad payload | no | no | refuse: bad payload |
/// | bad payload | no | yes | cut |
/// | misplaced record | any | - | refuse: misplaced |
/// | a seal at the end of the last segment | any | - | refuse: missing segment |
///
/// *A durable mark proves the place*: some valid header, in practice a later one, says that a position at or above the
/// expected one had been synced when the header was written. The sectors of one batch may reach the disk in any order,
/// so valid records after a torn one prove nothing by themselves; their marks do.
///
/// *Zeros explain it*: space is zero before it is written, so a crash leaves zeros and no other bytes. A bad record was
/// written completely if its header begins and ends as it should, or if its payload has no empty sector and ends with
/// its guard byte; it may have been synced, and something that depends on it (a vote) may have been sent.
enum RecoveryTable {
  static func decide(_ facts: RecoveryFacts) -> RecoveryDecision {
    let proven = facts.provenDurable >= facts.expected
    return switch facts.finding {
    case .zeros where proven: .refuse(.missingRecord)
    case .zeros: facts.closed ? .clean : .unclosed
    case .hole: proven ? .refuse(.missingRecord) : .cut
    case .badHeader(let zerosExplain): proven || !zerosExplain ? .refuse(.badRecordHeader) : .cut
    case .badPayload(let zerosExplain): proven || !zerosExplain ? .refuse(.badPayload) : .cut
    case .misplaced(let position): .refuse(.misplaced(position))
    case .noNextSegment: .refuse(.missingSegment)
    }
  }
}
