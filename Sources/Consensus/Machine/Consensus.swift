package import Primitives

/// Round-robin Simplex (Chan and Pass, 2023) for one epoch, as a pure state machine.
///
/// A machine covers one epoch, so that within it a view identifies a round. Where other epochs can occur, in requests
/// and in asynchronous answers, the interface uses `Round`; `step` ignores whatever belongs to another epoch.
///
/// The machine knows digests and votes, but no blocks, keys or clocks: the caller verifies and makes signatures;
/// builds, checks and executes blocks; and passes in the time. The numbered rules that the comments cite are those of
/// Documentation/protocol.md, which also lists the departures from the paper.
///
/// `step` is total and deterministic: the same inputs at the same ticks give the same effects. A view's cost is
/// O(n) votes, each O(n) comparisons; memory is bounded by `Limits.retainedViews` and `Limits.trackedViews`.
package struct Consensus: ~Copyable {
  /// Whether this node may vote.
  enum Voting: Equatable, Sendable {
    /// The node is not a validator: it follows every certificate and says nothing (R31).
    case observing
    /// The node does not know everything that it said (`VoteMemory.incomplete`).
    case listening
    /// The node may vote in views above this one, where its memory of own votes is complete.
    case above(View)
    case stopped
  }

  package let configuration: ConsensusConfiguration

  /// The current view. Never decreases.
  package internal(set) var view: View
  /// The newest final block. Its view never decreases.
  package internal(set) var lastFinalized: BlockReference
  /// The certificate of `lastFinalized`; nil for genesis.
  package internal(set) var finalization: Certificate?
  /// The highest block that may be built on: final, or notarized and executed here.
  package internal(set) var highestUsable: BlockReference
  /// The contradictions reported so far; their number is limited for each validator.
  package internal(set) var evidence: [Evidence] = []

  var views = ViewWindow()
  var pacemaker = Pacemaker()
  var peers: PeerActivity
  var patience: Patience
  var fetching = FetchSchedule()
  var voting: Voting
  /// Whether the mempool holds a transaction.
  var transactionsWait = false
  /// The latest tick seen; it does not follow a clock that runs backwards.
  var now: Tick
  /// Set until the first step, which sends again what the log held (R29).
  var starting = true

  /// Handles one input and appends the resulting effects.
  package mutating func step(_ input: ConsensusInput, now tick: Tick, effects: inout [ConsensusEffect]) {
    now = max(now, tick)
    let isFirst = starting
    if isFirst {
      starting = false
      start(&effects)
    }
    if handle(input, &effects) || isFirst { settle(&effects) }
  }

  private func isCurrent(_ epoch: Epoch) -> Bool { epoch == configuration.epoch }

  /// Contains the only checks of the epoch: everything that it calls is about the current one. Returns false if no step
  /// can depend on the input.
  private mutating func handle(_ input: ConsensusInput, _ effects: inout [ConsensusEffect]) -> Bool {
    switch input {
    case .vote(let vote): if isCurrent(vote.statement.epoch) { receive(vote, &effects) }
    case .repeated(let statement, let signer):
      if isCurrent(statement.epoch) { help(signer, after: statement, &effects) }
    case .certificate(let certificate): if isCurrent(certificate.statement.epoch) { learn(certificate, &effects) }
    case .built(let round, let block): if isCurrent(round.epoch) { built(round.view, block, &effects) }
    case .declined(let round): if isCurrent(round.epoch) { declined(round.view) }
    case .checked(let proposal, let valid): if isCurrent(proposal.epoch) { checked(proposal, valid, &effects) }
    case .certified(let proposal, let result):
      if isCurrent(proposal.epoch) { certified(proposal, result, &effects) }
    case .work(let waits): work(waits)
    case .heard(let validator):
      // This comes with every message, and matters only if the validator was silent before.
      return peers.heard(validator, silence: configuration.silenceMicroseconds, now: now)
    case .linked(let validator, let isLinked): peers.linked(validator, isLinked, now: now)
    case .allowVoting(let bar): allowVoting(above: bar)
    case .stopVoting: stopVoting()
    case .tick: fire(&effects)
    }
    return true
  }

  /// Takes every step that the state now allows. Whatever is "not yet" is checked again after every input.
  private mutating func settle(_ effects: inout [ConsensusEffect]) {
    resumeCertifications(&effects)
    keepTime(&effects)
    follow(&effects)
    lead(&effects)
    scheduleResend()
    fetch(&effects)
  }

  /// The latest time at which `.tick` must be passed in; nil if no timer is armed. An idle chain has no deadline.
  package var nextDeadline: Tick? {
    if starting { return now }
    guard let next = pacemaker.next else { return fetching.deadline }
    guard let fetch = fetching.deadline else { return next }
    return min(next, fetch)
  }

  package var round: Round { Round(epoch: configuration.epoch, view: view) }

  package func leader(of view: View) -> ValidatorIndex { configuration.validators.leader(of: view) }

  // MARK: Shared by several aspects

  var own: ValidatorIndex? { configuration.own }
  var quorum: Quorum { configuration.validators.quorum }

  /// The block of `view` if another may be built on it (R3).
  func usable(_ view: View) -> BlockReference? {
    if view == lastFinalized.view { return lastFinalized }
    guard view > lastFinalized.view, let index = views.index(of: view) else { return nil }
    return views[index].usable
  }

  /// Whether this node may vote in `view`, which requires that it remembers everything it said there (R20, R30).
  func mayVote(in view: View) -> Bool {
    guard case .above(let bar) = voting else { return false }
    return view > bar && view > views.forgotten && view > lastFinalized.view
  }

  /// Decides an own vote. From here on it counts as said, whether or not it ever becomes durable (R20).
  mutating func cast(_ statement: Statement, _ effects: inout [ConsensusEffect]) {
    precondition(mayVote(in: statement.view), "a vote in view \(statement.view), which \(voting) forbids")
    views[existing: statement.view].own.make(statement)
    effects.append(.vote(statement))
  }

  /// Enters a view and drops the timers of the previous one (R10, R14).
  mutating func enter(_ next: View, _ effects: inout [ConsensusEffect]) {
    precondition(next > view, "view \(view) to \(next)")
    view = next
    _ = views.open(next, leader: leader(of: next))
    pacemaker.disarm()
    boundMemory()
    effects.append(.enter(next))
  }

  mutating func boundMemory() {
    views.bound(
      Limits.trackedViews, finalized: lastFinalized.view, usable: highestUsable.view, current: view)
  }

  /// Traps if the machine contradicts itself. For tests and simulations, after every step.
  package func checkInvariants() {
    views.checkInvariants(finalized: lastFinalized.view)
    pacemaker.checkInvariants()
    precondition(view > lastFinalized.view || view.next == nil, "view \(view) is final")
    precondition(views.index(of: view) != nil, "the current view \(view) has no state")
    precondition(highestUsable.view >= lastFinalized.view, "the highest usable view is below the last final one")
    precondition(highestUsable.view < view || view.next == nil, "view \(view) is usable but was not left")
    precondition(usable(highestUsable.view) == highestUsable, "the highest usable block is not usable")
    precondition(evidence.count <= Limits.evidence, "\(evidence.count) pieces of evidence")
  }
}
