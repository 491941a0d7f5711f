internal import Consensus
internal import Ledger
internal import Primitives

/// Decides whether this node votes after it lost its log. Votes of an earlier directory may exist, so the node listens
/// until a quorum's reports are proven, and then votes only above a bar that its log keeps (protocol rules R30, R32, R43).
struct Rejoin {
  private(set) var isListening: Bool
  private var isReported = false
  private var bar: VotingBar?

  /// - Parameter bar: the last one that the log has, if one is there.
  init(isListening: Bool, bar: VotingBar?) {
    self.isListening = isListening
    self.bar = bar
  }

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
    bar = VotingBar(round)
    context.append(PendingRecord(VotingBar(round)))
    context.notice(.votingResumed(above: round))
    return round
  }

  mutating func committed(_ commit: Commit) { bar?.take(commit) }

  /// Begins an epoch. A bar that does not serve it is followed by listening anew.
  mutating func beginEpoch(_ epoch: Epoch, _ context: inout StepContext) {
    guard let bar, !bar.serves(epoch) else { return }
    self.bar = nil
    isListening = true
    isReported = false
    begin(&context)
  }
}
