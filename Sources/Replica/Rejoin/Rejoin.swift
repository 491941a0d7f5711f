internal import Consensus
internal import Primitives

/// Decides whether this node votes after it lost its log. Votes of an earlier directory may exist, so the node listens
/// until a quorum's reports are proven, and then votes only above a bar that its log keeps (protocol rules R30, R32).
struct Rejoin {
  private(set) var isListening: Bool
  private var isReported = false

  init(isListening: Bool) { self.isListening = isListening }

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
    let bar = View(consensus.view.rawValue.addingReportingOverflow(2).partialValue)
    context.append(PendingRecord(VotingBar(view: bar)))
    let round = context.round(bar)
    context.notice(.votingResumed(above: round))
    return round
  }
}
