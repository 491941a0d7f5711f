internal import Primitives

/// The kinds of log entry, with the number in a record's header and the type that defines each kind.
package enum LogEntryKind: UInt8, CaseIterable, Sendable {
  case origin = 1
  case block = 2
  case vote = 3
  case certificate = 4
  case execution = 5
  case votingBar = 6
  case base = 7
  case void = 8
  case ownKey = 9
  case statement = 10

  private var type: any LogEntry.Type {
    switch self {
    case .origin: LogOrigin.self
    case .block: BlockEntry.self
    case .vote: Vote.self
    case .certificate: Certificate.self
    case .execution: ExecutionRecord.self
    case .votingBar: VotingBar.self
    case .base: BaseEntry.self
    case .void: VoidMeaning.self
    case .ownKey: OwnKey.self
    case .statement: Statement.self
    }
  }

  package var isAwaited: Bool { type.isAwaited }
  package var part: BlockPart? { type.part }
  package var loss: LogEntryLoss { type.loss }
}
