/// What validators do that do not keep the rules. The raw values are the names on the command line.
package enum TraitorKind: String, CaseIterable, Sendable {
  /// One key, two honest halves that talk to different others.
  case twins
  /// Random bytes, changed copies of sound frames, old frames again, numbers at the edge of every field.
  case noise
  /// Half of what it should send reaches nobody.
  case withhold
  /// What it sends comes up to four seconds late.
  case delay
  /// What it sent before comes again and again.
  case replay
  /// As leader it proposes one block to some and another one to the rest; it gives a view up towards some and calls
  /// it final towards the rest.
  case equivocate
  /// It votes for another result of each block towards each of the others.
  case results
  /// As leader it forges a field of the header, or of the proposal.
  case headers

  /// Whether the traitor runs the validator's own code, and only what leaves it is changed.
  var altersFrames: Bool { self != .twins && self != .noise }
}
