internal import LedgerJSON
internal import Primitives
internal import Replica

/// Judges, as far as one node can see, whether the chain can continue: by its links to other validators, and by whether
/// waiting work becomes final.
struct QuorumWatch: Sendable {
  /// The validators of the running epoch, and how long one of its views may take.
  struct Chain: Sendable {
    /// The validators' names, in the order of their indices.
    var validators: [String]
    /// Nil if this node is none of them.
    var own: ValidatorIndex?
    /// The longest leader time-out, in microseconds.
    var longestTimeout: UInt64

    /// The number of links to validators that a quorum needs: one less than its size if this node is one of them.
    var needed: Int { Quorum(validators: validators.count).size - (own == nil ? 0 : 1) }
    var others: Int { validators.count - (own == nil ? 0 : 1) }
  }

  /// Microseconds after the start during which a node with too few links counts as still connecting.
  static let grace: UInt64 = 5_000_000
  /// The maximum number of names listed in one explanation.
  private static let namesShown = 10

  private var chain: Chain
  private var begun: Tick?
  /// The names of the linked nodes, observers included.
  private var linked: Set<String> = []
  /// Whether there have been links to a quorum; from then on the node no longer counts as connecting.
  private var hadQuorum = false
  /// Since when something has been waiting to become final without a pause.
  private var workSince: Tick?
  private var lastFinal: (height: Height, at: Tick?)

  init(_ chain: Chain, height: Height) {
    self.chain = chain
    lastFinal = (height, nil)
  }

  /// Microseconds without a final block, while something waits, after which the chain counts as stalled.
  private var patience: UInt64 { 3 * chain.longestTimeout }

  private var quorum: Quorum { Quorum(validators: chain.validators.count) }

  /// The number of other validators that are linked.
  private var links: Int {
    chain.validators.indices.count { $0 != chain.own.map { Int($0.rawValue) } && linked.contains(chain.validators[$0]) }
  }

  /// Takes over the validators of an epoch. Links to new ones may take a while.
  mutating func begin(_ chain: Chain, _ now: Tick) {
    self.chain = chain
    begun = now
    hadQuorum = links >= chain.needed
  }

  /// Notes that peers can be linked from now on.
  mutating func begin(_ now: Tick) { begun = begun ?? now }

  /// Takes over the names of the nodes that may be linked.
  mutating func list(_ nodes: Set<String>) { linked.formIntersection(nodes) }

  mutating func link(_ peer: String, _ isLinked: Bool) {
    if isLinked { linked.insert(peer) } else { linked.remove(peer) }
    hadQuorum = hadQuorum || links >= chain.needed
  }

  /// Notes whether anything waits to become final.
  mutating func work(_ waits: Bool, _ now: Tick) { workSince = waits ? workSince ?? now : nil }

  mutating func finalized(_ height: Height, _ now: Tick) { lastFinal = (max(height, lastFinal.height), now) }

  /// Why nothing can become final; nil if there are links to a quorum.
  func missingQuorum(_ now: Tick) -> ErrorDetail? {
    let (links, needed) = (links, chain.needed)
    guard links < needed else { return nil }
    let state =
      "this node is linked to \(links) of the \(chain.others) other validators and needs \(needed), as a quorum is "
      + "\(quorum.size) of \(chain.validators.count); missing: \(missing)"
    let isYoung = begun.map { now.microseconds(since: $0) < Self.grace } ?? true
    guard hadQuorum || !isYoung else {
      return ErrorDetail(
        code: "node.connecting", message: "the node has just started: \(state)",
        nextStep: "wait a few seconds; if it lasts, start the missing validators")
    }
    return ErrorDetail(
      code: "chain.no-quorum",
      message: "nothing can become final above height \(lastFinal.height): \(state)",
      nextStep: "start them, or repair the network between them and this node: its log shows a code peer.… for each")
  }

  /// Why nothing becomes final although a quorum is linked; nil if blocks become final, or nothing waits.
  func standstill(_ now: Tick) -> ErrorDetail? {
    guard let workSince else { return nil }
    let since = lastFinal.at.map { max($0, workSince) } ?? workSince
    let waited = now.microseconds(since: since)
    guard waited > patience else { return nil }
    return ErrorDetail(
      code: "chain.stalled",
      message: "there is work to do, but nothing has become final for \(waited / 1_000_000) s, and the limit is "
        + "\(patience / 1_000_000) s; the last final height is \(lastFinal.height)"
        + (links < chain.others ? "; not linked: \(missing)" : ""),
      nextStep: "check the health and the log of every validator: fewer than \(quorum.size) of "
        + "\(chain.validators.count) take part")
  }

  private var missing: String {
    let own = chain.own.map { chain.validators[Int($0.rawValue)] }
    let names = chain.validators.filter { $0 != own && !linked.contains($0) }
    let shown = names.prefix(Self.namesShown).joined(separator: ", ")
    return names.count > Self.namesShown ? "\(shown) and \(names.count - Self.namesShown) more" : shown
  }
}

extension QuorumWatch.Chain {
  init(_ epoch: RunningEpoch) {
    self.init(validators: epoch.validators, own: epoch.own, longestTimeout: epoch.longestTimeout)
  }
}
