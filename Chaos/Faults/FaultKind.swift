/// The kinds of faults that a run can inject.
enum FaultKind: String, CaseIterable, Sendable, Codable {
  /// SIGKILL, and a restart some time later.
  case kill
  /// SIGSTOP and SIGCONT: the machine hangs and resumes, while its connections stay open.
  case pause
  /// One node and the other nodes cannot reach each other.
  case isolate
  /// The nodes are split into two halves, of which at most one is a quorum.
  case halves
  /// What one node sends, or what others send to it, is dropped, while the other direction works.
  case oneWay = "one-way"
  /// A node's link is slow and loses packets.
  case slow
  /// A node's disk becomes full and later has space again.
  case fullDisk = "full-disk"
  /// A node's clock is wrong by more than the chain allows.
  case clock
  /// All nodes are killed repeatedly, at random moments.
  case storm
  /// A node loses its log.
  case wipe
  /// A node continues with an older copy of its log.
  case restore
  /// Two processes use the same key.
  case twin
  /// A bit of the log is flipped while the node is down.
  case bitFlip = "bit-flip"
  /// The calls to a node's disk fail from some moment on.
  case diskErrors = "disk-errors"
  /// A node's disk loses what it had synced.
  case lyingDisk = "lying-disk"
  /// The set of validators changes several times, while nodes are killed.
  case validators

  var needsNetwork: Bool {
    switch self {
    case .isolate, .halves, .oneWay, .slow: true
    default: false
    }
  }

  /// Whether the node loses blocks and may afterwards have a snapshot instead of them. A flipped bit counts too, since
  /// peers may no longer have the damaged block. The first node is spared, so that one copy of the whole chain remains
  /// for comparison with the others.
  var losesBlocks: Bool {
    switch self {
    case .wipe, .restore, .twin, .bitFlip, .lyingDisk: true
    default: false
    }
  }

  /// Whether the fault affects only one node, so that several may happen together as long as they affect no more nodes
  /// than the chain tolerates.
  var isOfOneNode: Bool {
    switch self {
    case .halves, .storm, .validators: false
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
