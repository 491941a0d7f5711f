internal import Consensus
internal import Primitives

/// Decides whether this node votes after it lost its log. Votes of an earlier directory may exist, so the node listens
/// until a quorum's reports are proven, and then votes only above a bar that its log keeps (protocol rules R30, R32).
struct Rejoin {
  private(set) var isListening: Bool
  private var isReported = false
  /// The bar that ended an earlier listening; the consensus receives it with the first step.
  private var restoredBar: Round?

  /// - Parameter restoredBar: the bar in the log; ignored if the node listens, because a bar set before the damage no
  ///   longer counts.
  init(isListening: Bool, restoredBar: Round?) {
    self.isListening = isListening
    self.restoredBar = isListening ? nil : restoredBar
  }

  /// Must be called with each step. Returns the bar of an earlier listening, once.
  mutating func begin(_ context: inout StepContext) -> Round? {
    if isListening, !isReported {
      isReported = true
      context.notice(.listening)
    }
    return restoredBar.take()
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
