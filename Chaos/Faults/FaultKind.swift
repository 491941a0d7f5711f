/// What can happen to nodes.
enum FaultKind: String, CaseIterable, Sendable, Codable {
  /// SIGKILL, and a start some time later.
  case kill
  /// SIGSTOP and SIGCONT: the machine hangs and goes on, its connections stand.
  case pause
  /// One node and the others no longer reach each other.
  case isolate
  /// Two halves of which none is a quorum, or one just is.
  case halves
  /// What a node sends is dropped, or what is sent to it, while the other direction works.
  case oneWay = "one-way"
  /// A link with delay and loss.
  case slow
  /// The disk is full, and free again.
  case fullDisk = "full-disk"
  /// A clock that is wrong by more than the chain allows.
  case clock
  /// All nodes killed at random moments, again and again.
  case storm
  /// The log is lost.
  case wipe
  /// An older copy of the log is put back.
  case restore
  /// The same key runs twice.
  case twin
  /// A bit of the log turns over while the node is down.
  case bitFlip = "bit-flip"

  var needsNetwork: Bool {
    switch self {
    case .isolate, .halves, .oneWay, .slow: true
    default: false
    }
  }

  /// Whether the node loses blocks, and may stand on a snapshot instead of them afterwards: a turned bit, too, where no
  /// peer has the block any more. The first node is spared, so that one copy of the whole chain is there to compare the
  /// others with.
  var losesBlocks: Bool {
    switch self {
    case .wipe, .restore, .twin, .bitFlip: true
    default: false
    }
  }

  /// Whether it strikes one node and leaves the others alone, so that several fit beside each other while together no
  /// more nodes are struck than the chain tolerates.
  var isOfOneNode: Bool {
    switch self {
    case .halves, .storm: false
    default: true
    }
  }

  /// Reads a list such as `kill,pause`.
  static func list(_ text: String) throws(ChaosError) -> [FaultKind] {
    var kinds: [FaultKind] = []
    for part in text.split(separator: ",") {
      guard let kind = FaultKind(rawValue: String(part)) else { throw .unknownFault(String(part)) }
      kinds.append(kind)
    }
    return kinds
  }
}
