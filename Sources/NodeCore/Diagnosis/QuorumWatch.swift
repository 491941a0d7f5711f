internal import Primitives
internal import Replica

/// Judges, as far as one node can see, whether the chain can continue: by its links to other validators, and by whether
/// waiting work becomes final.
struct QuorumWatch: Sendable {
  /// Microseconds after the start during which a node with too few links counts as still connecting.
  static let grace: UInt64 = 5_000_000
  /// The maximum number of nodes named in one explanation, or in findings of their own.
  private static let namesShown = 10

  private var running: RunningEpoch
  private var begun: Tick?
  /// The names of the linked nodes, observers included.
  private var linked: Set<String> = []
  /// Since when a node has had no link; those that never had one are not here.
  private var lost: [String: Tick] = [:]
  /// Why the last link with a node ended, or could not be made.
  private var faults: [String: any ExplainedError] = [:]
  /// Whether there have been links to a quorum; from then on the node no longer counts as connecting.
  private var hadQuorum = false
  /// Since when there have been too few links.
  private var missingSince: Tick?
  /// Since when something has been waiting to become final without a pause.
  private var workSince: Tick?
  private var lastFinal: (height: Height, at: Tick?)
  /// Since when the running epoch has had no final block of its own; nil if it has one.
  private var unopenedSince: Tick?

  init(_ running: RunningEpoch, height: Height) {
    self.running = running
    lastFinal = (height, nil)
  }

  /// Microseconds without a final block, while something waits, after which the chain counts as stalled.
  private var patience: UInt64 { 3 * running.longestTimeout }

  private var quorum: Quorum { Quorum(validators: running.validators.count) }
  /// The number of links to validators that a quorum needs: one less than its size if this node is one of them.
  private var needed: Int { quorum.size - (running.own == nil ? 0 : 1) }
  private var others: [String] {
    let own = running.own.map { Int($0.rawValue) }
    return running.validators.indices.filter { $0 != own }.map { running.validators[$0] }
  }
  /// The other validators without a link.
  var missing: [String] { others.filter { !linked.contains($0) } }
  private var links: Int { others.count { linked.contains($0) } }

  /// Takes over the validators of an epoch. Links to new ones may take a while.
  mutating func begin(_ running: RunningEpoch, _ now: Tick) {
    self.running = running
    begun = now
    unopenedSince = now
    hadQuorum = links >= needed
    missingSince = nil
    noteQuorum(now)
  }

  /// Notes that peers can be linked from now on.
  mutating func begin(_ now: Tick) {
    begun = begun ?? now
    noteQuorum(now)
  }

  /// Takes over the names of the nodes that may be linked.
  mutating func list(_ nodes: Set<String>, _ now: Tick) {
    linked.formIntersection(nodes)
    lost = lost.filter { nodes.contains($0.key) }
    faults = faults.filter { nodes.contains($0.key) }
    noteQuorum(now)
  }

  /// - Parameter fault: why the link ended, if it did.
  mutating func link(_ peer: String, _ isLinked: Bool, because fault: (any ExplainedError)?, _ now: Tick) {
    if isLinked {
      linked.insert(peer)
      lost[peer] = nil
    } else if linked.remove(peer) != nil {
      lost[peer] = now
    }
    faults[peer] = fault
    noteQuorum(now)
  }

  /// Takes over why nodes that have no link have none.
  mutating func explain(_ new: [String: any ExplainedError]) {
    for (name, fault) in new where !linked.contains(name) { faults[name] = fault }
  }

  private mutating func noteQuorum(_ now: Tick) {
    let isThere = links >= needed
    hadQuorum = hadQuorum || isThere
    missingSince = isThere ? nil : missingSince ?? now
  }

  /// Notes whether anything waits to become final.
  mutating func work(_ waits: Bool, _ now: Tick) { workSince = waits ? workSince ?? now : nil }

  mutating func finalized(_ height: Height, _ now: Tick) { lastFinal = (max(height, lastFinal.height), now) }

  /// Notes that a block of this round is final.
  mutating func finalized(_ round: Round) {
    if round > Round(epoch: running.epoch, view: .genesis) { unopenedSince = nil }
  }

  /// Whether the node has only just begun to make its links, so that a missing one means nothing yet.
  private func isYoung(_ now: Tick) -> Bool { begun.map { now.microseconds(since: $0) < Self.grace } ?? true }

  /// Why nothing can become final; nil if there are links to a quorum.
  func missingQuorum(_ now: Tick) -> Symptom? {
    guard links < needed else { return nil }
    let since = missingSince ?? begun ?? now
    let state =
      "this node is linked to \(links) of the \(others.count) other validators and needs \(needed), as a quorum is "
      + "\(quorum.size) of \(running.validators.count); missing: \(missingNames)"
    guard hadQuorum || !isYoung(now) else {
      return Symptom(
        .connecting, since: since, Finding.Subject(.node), "the node has just started: \(state)",
        nextStep: "wait a few seconds; if it lasts, start the missing validators")
    }
    return Symptom(
      .noQuorum, since: since, Finding.Subject(.chain),
      "nothing can become final above height \(lastFinal.height): \(state)",
      nextStep: "start them, or repair the network between them and this node: its log shows a code peer.… for each")
  }

  /// Why nothing becomes final although a quorum is linked; nil if blocks become final, or nothing waits.
  func standstill(_ now: Tick) -> Symptom? {
    guard let workSince else { return nil }
    let since = lastFinal.at.map { max($0, workSince) } ?? workSince
    let waited = now.microseconds(since: since)
    guard waited > patience else { return nil }
    let place =
      unopenedSince == nil ? "" : "; epoch \(running.epoch) has begun, and none of its own blocks is final yet"
    return Symptom(
      .stalled, since: since, Finding.Subject(.chain),
      "there is work to do, but nothing has become final for \(waited / 1_000_000) s, and the limit is "
        + "\(patience / 1_000_000) s; the last final height is \(lastFinal.height)\(place)"
        + (links < others.count ? "; not linked: \(missingNames)" : ""),
      nextStep: "check the health and the log of every validator: fewer than \(quorum.size) of "
        + "\(running.validators.count) take part")
  }

  /// Findings about the validators that this node has no link with.
  func unreachable(_ now: Tick) -> [Symptom] {
    // At first, only a link that there was already is missed.
    let missed = isYoung(now) ? missing.filter { lost[$0] != nil } : missing
    return missed.prefix(Self.namesShown).map { name in
      let since = lost[name] ?? begun ?? now
      let fault = faults[name].map { "; last error: [\($0.code)] \($0.explanation)" } ?? ""
      return Symptom(
        .unreachable, since: since, Finding.Subject(.validator, name),
        "this node has had no link with \(name) for \(now.microseconds(since: since) / 1_000_000) s\(fault)",
        nextStep: "start \(name), or repair the network between it and this node")
    }
  }

  private var missingNames: String {
    let shown = missing.prefix(Self.namesShown).joined(separator: ", ")
    return missing.count > Self.namesShown ? "\(shown) and \(missing.count - Self.namesShown) more" : shown
  }
}
