/// What traitors do: validators that break the rules. The raw values are the names on the command line.
package enum TraitorKind: String, CaseIterable, Sendable {
  /// Two honest nodes share one key and talk to different peers.
  case twins
  /// It sends random bytes, altered and old frames, certificates without a quorum, and extreme numbers in every field.
  case noise
  /// It withholds half of its frames.
  case withhold
  /// It sends half of its frames up to four seconds late.
  case delay
  /// It repeats earlier frames again and again.
  case replay
  /// As leader it proposes different blocks to two groups of peers. It sends a nullify vote to some peers where the
  /// others get a finalize vote.
  case equivocate
  /// It sends each peer a finalize vote for a different result.
  case results
  /// As leader it forges a field of the header or the proposal, or the transactions.
  case headers
  /// It wants to decide how others catch up: it claims a false height, hides its proposals from one node, answers questions
  /// for blocks with a manifest, and then withholds most chunks.
  case captureSync = "capture-sync"
  /// It hides its proposals from one node, and gives one block instead of many, and single chunks, as late as it can.
  case dripSync = "drip-sync"
  /// As leader it hides its proposal from the next leader, or sends it the vote without the block. It sends no finalize
  /// votes, no certificates and no blocks that others ask for.
  case starveSuccessor = "starve-successor"
  /// It sends with each frame many that are of no use: the same again, questions, old frames, and chunks that nobody asked
  /// for.
  case flood
  /// It does everything but propose, except for one of its proposals in eight, some of which come late.
  case idleLeader = "idle-leader"

  /// Whether the traitor runs the validator's own code and only its outgoing frames are altered.
  var altersFrames: Bool { self != .twins && self != .noise }

  /// Whether the traitor answers requests of peers that catch up in its own way.
  var sabotagesAnswers: Bool { self == .captureSync || self == .dripSync }
}
