internal import BlockLog
package import Primitives

/// A log that this node cannot have written for this chain, or that it cannot continue.
package struct RestorationError: Error, Equatable, Sendable {
  package enum Cause: Error, Equatable, Sendable {
    case unknownKind(UInt8)
    case malformed(LogEntryKind, String)
    case missingOrigin
    case misplacedOrigin
    /// An own vote that was not signed with the node's own key, and the key of the validator that the vote names.
    case foreignVote(own: PublicKey, found: PublicKey?)
    case blockDoesNotApply(Height, String)
    case resultDiffers(Height, own: Digest, certified: Digest)
    /// The log continues above a height whose state must come from a snapshot.
    case snapshotMissing(Height, own: Height)
  }

  package var position: LogPosition
  package var cause: Cause
}

extension RestorationError: ExplainedError {
  package var code: String {
    switch cause {
    case .unknownKind: "log.unknown-record"
    case .malformed: "log.malformed-record"
    case .missingOrigin: "log.missing-origin"
    case .misplacedOrigin: "log.misplaced-origin"
    case .foreignVote: "log.wrong-writer"
    case .blockDoesNotApply: "log.block-does-not-apply"
    case .resultDiffers: "log.result-differs"
    case .snapshotMissing: "log.snapshot-missing"
    }
  }

  package var explanation: String {
    let what =
      switch cause {
      case .unknownKind(let kind): "its kind \(kind) is unknown to this version"
      case .malformed(let kind, let text): "it is not a well-formed \(kind) record: \(text)"
      case .missingOrigin: "no record before it says how the log began"
      case .misplacedOrigin: "it says how the log began, but is not the first record"
      case .foreignVote(let own, let found):
        "it is a vote of \(found.map { "the vote key \($0)" } ?? "an unknown validator"), but this node's vote key is \(own)"
      case .blockDoesNotApply(let height, let text): "finalized block \(height) does not apply: \(text)"
      case .resultDiffers(let height, let own, let certified):
        "executing block \(height) gives \(own.short), but \(certified.short) is certified"
      case .snapshotMissing(let height, let own):
        "the log continues above height \(height), but there is no snapshot of that height or a later one; the newest "
          + "state that can be restored is that of height \(own)"
      }
    return "record \(position) of the log cannot be used: \(what)"
  }

  package var nextStep: String {
    "keep the directory and run the version that wrote it, or let the node rebuild from its peers: move the "
      + "log folder away and start again"
  }
}
