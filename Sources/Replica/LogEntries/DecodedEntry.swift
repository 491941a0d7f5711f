package import Primitives

/// A decoded log entry of any kind.
package enum DecodedEntry: Sendable {
  case origin(LogOrigin)
  case block(BlockEntry)
  case vote(Vote)
  case certificate(Certificate)
  case execution(ExecutionRecord)
  case votingBar(VotingBar)
  case base(BaseEntry)
  case void(VoidMeaning)
  case ownKey(OwnKey)
  case statement(Statement)

  package init(_ kind: LogEntryKind, payload: [UInt8]) throws(CodecError) {
    switch kind {
    case .origin: self = .origin(try LogOrigin(payload: payload))
    case .block: self = .block(BlockEntry(payload: payload))
    case .vote: self = .vote(try Vote(payload: payload))
    case .certificate: self = .certificate(try Certificate(payload: payload))
    case .execution: self = .execution(try ExecutionRecord(payload: payload))
    case .votingBar: self = .votingBar(try VotingBar(payload: payload))
    case .base: self = .base(BaseEntry(payload: payload))
    case .void: self = .void(try VoidMeaning(payload: payload))
    case .ownKey: self = .ownKey(try OwnKey(payload: payload))
    case .statement: self = .statement(try Statement(payload: payload))
    }
  }
}
