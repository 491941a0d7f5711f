internal import LedgerJSON
internal import Primitives

/// Whether the chain can go on, as far as one node can see: whom it has links to, and whether what waits becomes final.
struct QuorumWatch: Sendable {
  /// Who runs the chain, and how long one view of it may take.
  struct Chain: Sendable {
    /// The validators' names, in the order of genesis.
    var validators: [String]
    var own: ValidatorIndex
    /// The longest time-out of a leader, in microseconds.
    var longestTimeout: UInt64
  }

  /// Microseconds after the start in which a node that has too few links is still connecting.
  static let grace: UInt64 = 5_000_000
  /// Names that one explanation lists at most.
  private static let namesShown = 10

  private let chain: Chain
  private let quorum: Quorum
  private var begun: Tick?
  private var links: Set<ValidatorIndex> = []
  /// Once there were links to enough others, the node is not connecting any more.
  private var hadQuorum = false
  /// Since when something waits to become final without a pause.
  private var workSince: Tick?
  private var lastFinal: (height: Height, at: Tick?)

  init(_ chain: Chain, height: Height) {
    self.chain = chain
    quorum = Quorum(validators: chain.validators.count)
    lastFinal = (height, nil)
  }

  /// Microseconds without a final block, though something waits, after which the chain stands still.
  private var patience: UInt64 { 3 * chain.longestTimeout }

  /// From now on peers can be linked.
  mutating func begin(_ now: Tick) { begun = begun ?? now }

  mutating func link(_ peer: ValidatorIndex, _ isLinked: Bool) {
    if isLinked { links.insert(peer) } else { links.remove(peer) }
    hadQuorum = hadQuorum || links.count >= quorum.size - 1
  }

  /// There is something that is to become final, or there is nothing any more.
  mutating func work(_ waits: Bool, _ now: Tick) { workSince = waits ? workSince ?? now : nil }

  mutating func finalized(_ height: Height, _ now: Tick) { lastFinal = (max(height, lastFinal.height), now) }

  /// Why nothing can become final; nil with links to enough others.
  func missingQuorum(_ now: Tick) -> ErrorDetail? {
    let needed = quorum.size - 1
    guard links.count < needed else { return nil }
    let others = chain.validators.count - 1
    let state =
      "this node is linked to \(links.count) of the \(others) other validators and needs \(needed), as a quorum is "
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
      nextStep: "start them, or repair the network between them and this node: its log has a code peer.… for each")
  }

  /// Why nothing becomes final although enough others are linked; nil if it does, or nothing waits.
  func standstill(_ now: Tick) -> ErrorDetail? {
    guard let workSince else { return nil }
    let since = lastFinal.at.map { max($0, workSince) } ?? workSince
    let waited = now.microseconds(since: since)
    guard waited > patience else { return nil }
    return ErrorDetail(
      code: "chain.stalled",
      message: "something is waiting, but nothing has become final for \(waited / 1_000_000) s, and the limit is "
        + "\(patience / 1_000_000) s; the last final height is \(lastFinal.height)"
        + (links.count < chain.validators.count - 1 ? "; not linked: \(missing)" : ""),
      nextStep: "check the health and the log of every validator: fewer than \(quorum.size) of "
        + "\(chain.validators.count) take part")
  }

  private var missing: String {
    let names = chain.validators.enumerated().compactMap { place, name -> String? in
      let index = ValidatorIndex(UInt16(place))
      return index == chain.own || links.contains(index) ? nil : name
    }
    let shown = names.prefix(Self.namesShown).joined(separator: ", ")
    return names.count > Self.namesShown ? "\(shown) and \(names.count - Self.namesShown) more" : shown
  }
}
