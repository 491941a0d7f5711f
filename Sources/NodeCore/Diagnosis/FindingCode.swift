package import Primitives

/// The codes of what a node finds out about itself and its chain. Reasons for which a node has stopped voting, and faults of
/// signer and index, have the codes of those errors.
package enum FindingCode: String, CaseIterable, Sendable {
  case voteKeyMissing = "node.vote-key-missing"
  case listening = "node.listening"
  case notVotingYet = "node.not-voting-yet"
  case joining = "node.joining"
  case catchingUp = "node.catching-up"
  case behind = "node.behind"
  case connecting = "node.connecting"
  case noQuorum = "chain.no-quorum"
  case stalled = "chain.stalled"
  case keyReported = "node.key-reported-elsewhere"
  case unreachable = "validator.unreachable"
  case leaderFails = "leader.turns-fail"
  case ownTurnsFail = "leader.own-turns-fail"
  case clockBehind = "clock.behind"
  case peerClockAhead = "clock.peer-ahead"
  case misbehaving = "peer.misbehaving"
  case diskFilling = "disk.filling"
  case inodesFilling = "disk.inodes"
  case diskSlow = "disk.slow"
  case descriptors = "process.descriptors"
  case memory = "process.memory"
  case queueFilling = "queue.filling"
  case poolFilling = "pool.filling"
  case indexBehind = "index.behind"
  case snapshotsFail = "snapshot.failing"
  case messagesDropped = "node.messages-dropped"
  case noArchive = "history.no-archive"
  case unprotected = "api.unprotected"

  package var severity: Finding.Severity {
    switch self {
    case .voteKeyMissing, .listening, .notVotingYet, .joining, .catchingUp, .behind, .connecting, .noQuorum, .stalled:
      .critical
    case .keyReported, .unreachable, .leaderFails, .ownTurnsFail, .clockBehind, .peerClockAhead, .misbehaving,
      .diskFilling, .inodesFilling, .diskSlow, .descriptors, .memory, .queueFilling, .poolFilling, .indexBehind,
      .snapshotsFail, .messagesDropped:
      .warning
    case .noArchive, .unprotected: .notice
    }
  }
}
