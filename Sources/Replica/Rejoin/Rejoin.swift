internal import Consensus
internal import Ledger
internal import Primitives

/// Decides whether this node votes after it lost its log. Votes of an earlier directory may exist, so the node listens
/// until a quorum's reports are proven, and then votes only above a bar that its log keeps (protocol rules R30, R32, R43).
struct Rejoin {
  private(set) var isListening: Bool
  private var isReported = false
  private var memory: VotingMemory

  /// - Parameter memory: what the log says.
  init(_ memory: VotingMemory, _ configuration: ReplicaConfiguration) {
    self.memory = memory
    isListening = Self.mustListen(memory, configuration)
  }

  private static func mustListen(_ memory: VotingMemory, _ configuration: ReplicaConfiguration) -> Bool {
    configuration.ownKey.map { memory.mustListen(with: $0, in: configuration.validators.epoch) } ?? false
  }

  /// Whether the node would listen before it voted with the key in the epoch.
  func mustListen(with key: PublicKey, in epoch: Epoch) -> Bool { memory.mustListen(with: key, in: epoch) }

  /// Must be called with each step. The first one reports that the node listens.
  mutating func begin(_ context: inout StepContext) {
    guard isListening, !isReported else { return }
    isReported = true
    context.notice(.listening)
  }

  /// Ends the listening if a quorum's reports are proven by certificates that brought this node to the same view, and
  /// the chain has caught up. Votes above the highest such view plus two are safe, because the lost directory cannot
  /// have voted there. Returns the bar.
  mutating func end(
    _ peers: borrowing Peers, _ consensus: borrowing Consensus, isCatchingUp: Bool, _ context: inout StepContext
  ) -> Round? {
    guard isListening, !isCatchingUp else { return nil }
    let validators = context.configuration.validators
    let needed = min(validators.quorum.size, validators.count - 1)
    guard needed > 0, peers.overtaken(consensus, context.configuration.peers) >= needed else { return nil }
    isListening = false
    let round = context.round(View(consensus.view.rawValue.addingReportingOverflow(2).partialValue))
    memory.take(VotingBar(round))
    context.append(PendingRecord(VotingBar(round)))
    context.notice(.votingResumed(above: round))
    return round
  }

  mutating func committed(_ commit: Commit) { memory.committed(commit) }

  /// The node's keys besides that of the log's writer.
  var keys: [OwnKey] { memory.keys.list }

  /// Notes a key that the node generated while it wrote this log.
  mutating func take(_ key: OwnKey) { memory.take(key) }

  /// Begins an epoch, in which the node may have another key. A bar that does not serve it is followed by listening anew.
  mutating func beginEpoch(_ context: inout StepContext) {
    let mustListen = Self.mustListen(memory, context.configuration)
    if mustListen != isListening { isReported = false }
    isListening = mustListen
    begin(&context)
  }
}
