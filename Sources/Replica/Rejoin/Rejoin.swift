internal import Consensus
internal import Primitives

/// Whether this node votes after its log was lost: votes of an earlier directory may exist, so it listens until a
/// quorum's reports are proven, and votes only above a bar that its log then keeps (protocol rules R30, R32).
struct Rejoin {
  private(set) var isListening: Bool
  private var isReported = false
  /// The bar that ended an earlier listening, to be told to the consensus with the first step.
  private var restoredBar: Round?

  /// - Parameter restoredBar: what the log says; a bar from before the damage is none any more.
  init(isListening: Bool, restoredBar: Round?) {
    self.isListening = isListening
    self.restoredBar = isListening ? nil : restoredBar
  }

  /// To be called with each step. Returns, once, the bar of an earlier listening.
  mutating func begin(_ context: inout StepContext) -> Round? {
    if isListening, !isReported {
      isReported = true
      context.notice(.listening)
    }
    return restoredBar.take()
  }

  /// Ends the listening if a quorum's reports are proven by certificates that brought this node to the same view, and
  /// the chain is caught up. Votes above the highest such view plus two are safe: the lost directory cannot have
  /// voted there. Returns the bar.
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
