package import Primitives

/// Round-robin Simplex (Chan and Pass, 2023) for one epoch, as a pure state machine.
///
/// A machine lives in one epoch, so within it a view names a round. Where views meet other epochs, in what it is asked
/// for and what asynchronous answers belong to, they are `Round`s; what is of another epoch is refused in `step`.
///
/// It knows digests and votes, not blocks, keys or time: signatures are checked and made, blocks built, checked
/// and executed by the caller, who also feeds the clock. The numbered rules that the comments cite are those of
/// Documentation/protocol.md, with the departures from the paper.
///
/// `step` is total and deterministic: the same inputs at the same ticks give the same effects. A view's cost is
/// O(n) votes, each O(n) comparisons; memory is bounded by `Limits.retainedViews` and `Limits.trackedViews`.
package struct Consensus: Sendable {
  /// Whether this node may say anything.
  enum Voting: Equatable, Sendable {
    /// Not of the validator set: every certificate is followed, and nothing is said (R31).
    case observing
    /// The directory was lost; what was said is unknown.
    case listening
    /// In views above this one. The memory of own votes is complete there.
    case above(View)
    case stopped
  }

  package let configuration: ConsensusConfiguration

  /// The current view. Never decreases.
  package internal(set) var view: View
  /// The newest final block. Its view never decreases.
  package internal(set) var lastFinalized: BlockReference
  /// Its certificate; nil for genesis.
  package internal(set) var finalization: Certificate?
  /// The highest block that may be built on: final, or notarized and executed here.
  package internal(set) var highestUsable: BlockReference
  /// Reported contradictions, a bounded number of each validator's.
  package internal(set) var evidence: [Evidence] = []

  var views = ViewWindow()
  var pacemaker = Pacemaker()
  var peers: PeerActivity
  var fetching = FetchSchedule()
  var voting: Voting
  /// The mempool holds a transaction.
  var transactionsWait = false
  /// The newest tick seen; time that runs backwards is not followed.
  var now: Tick
  /// The first step resends what the log held (R29).
  var starting = true

  package mutating func step(_ input: ConsensusInput, now tick: Tick, effects: inout [ConsensusEffect]) {
    now = max(now, tick)
    if starting {
      starting = false
      start(&effects)
    }
    // The one door: behind it everything is of this epoch.
    if input.epoch == nil || input.epoch == configuration.epoch { handle(input, &effects) }
    settle(&effects)
  }

  private mutating func handle(_ input: ConsensusInput, _ effects: inout [ConsensusEffect]) {
    switch input {
    case .vote(let vote): receive(vote, &effects)
    case .repeated(let statement, let signer): help(signer, after: statement, &effects)
    case .certificate(let certificate): learn(certificate, &effects)
    case .built(let round, let block): built(round.view, block, &effects)
    case .declined(let round): declined(round.view)
    case .checked(let proposal, let valid): checked(proposal, valid, &effects)
    case .certified(let proposal, let result): certified(proposal, result, &effects)
    case .work(let waits): work(waits)
    case .heard(let validator): peers.heard(validator, now: now)
    case .linked(let validator, let isLinked): peers.linked(validator, isLinked, now: now)
    case .allowVoting(let bar): allowVoting(above: bar)
    case .stopVoting: stopVoting()
    case .tick: fire(&effects)
    }
  }

  /// Takes every step that the state allows by now. What is "not yet" is looked at again after every input.
  private mutating func settle(_ effects: inout [ConsensusEffect]) {
    resumeCertifications(&effects)
    keepTime(&effects)
    follow(&effects)
    lead(&effects)
    scheduleResend()
    fetch(&effects)
  }

  /// When `.tick` must be fed at the latest; nil if nothing is armed. An idle chain has no deadline.
  package var nextDeadline: Tick? {
    if starting { return now }
    guard let next = pacemaker.next else { return fetching.deadline }
    guard let fetch = fetching.deadline else { return next }
    return min(next, fetch)
  }

  package var round: Round { Round(epoch: configuration.epoch, view: view) }

  package func leader(of view: View) -> ValidatorIndex { configuration.validators.leader(of: view) }

  // MARK: What several aspects share

  var own: ValidatorIndex? { configuration.own }
  var quorum: Quorum { configuration.validators.quorum }

  /// The block of `view` if it may be built on (R3).
  func usable(_ view: View) -> BlockReference? {
    if view == lastFinalized.view { return lastFinalized }
    guard view > lastFinalized.view, let index = views.index(of: view) else { return nil }
    return views[index].usable
  }

  /// Whether this node may vote in `view`: it must know everything it said there (R20, R30).
  func mayVote(in view: View) -> Bool {
    guard case .above(let bar) = voting else { return false }
    return view > bar && view > views.forgotten && view > lastFinalized.view
  }

  /// Decides an own vote. From here on it was said, whether or not it ever becomes durable (R20).
  mutating func cast(_ statement: Statement, _ effects: inout [ConsensusEffect]) {
    precondition(mayVote(in: statement.view), "a vote in view \(statement.view), which \(voting) forbids")
    views[existing: statement.view].own.make(statement)
    effects.append(.vote(statement))
  }

  /// Enters a view; the timers of the one before are gone (R10, R14).
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

  /// Panics if the machine contradicts itself. For tests and simulations, after every step.
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
