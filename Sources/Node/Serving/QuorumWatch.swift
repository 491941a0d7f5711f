internal import LedgerJSON
internal import Primitives

/// Judges, as far as one node can see, whether the chain can continue: by its links to other validators, and by whether
/// waiting work becomes final.
struct QuorumWatch: Sendable {
  /// The validators of the chain, and how long one of its views may take.
  struct Chain: Sendable {
    /// The validators' names, in the order of genesis.
    var validators: [String]
    var own: ValidatorIndex
    /// The longest leader time-out, in microseconds.
    var longestTimeout: UInt64
  }

  /// Microseconds after the start during which a node with too few links counts as still connecting.
  static let grace: UInt64 = 5_000_000
  /// The maximum number of names listed in one explanation.
  private static let namesShown = 10

  private var chain: Chain
  private let quorum: Quorum
  private var begun: Tick?
  private var links: Set<ValidatorIndex> = []
  /// Whether there have been links to a quorum; from then on the node no longer counts as connecting.
  private var hadQuorum = false
  /// Since when something has been waiting to become final without a pause.
  private var workSince: Tick?
  private var lastFinal: (height: Height, at: Tick?)

  init(_ chain: Chain, height: Height) {
    self.chain = chain
    quorum = Quorum(validators: chain.validators.count)
    lastFinal = (height, nil)
  }

  /// Microseconds without a final block, while something waits, after which the chain counts as stalled.
  private var patience: UInt64 { 3 * chain.longestTimeout }

  /// Takes over the longest leader time-out of an epoch, in microseconds.
  mutating func begin(longestTimeout: UInt64) { chain.longestTimeout = longestTimeout }

  /// Notes that peers can be linked from now on.
  mutating func begin(_ now: Tick) { begun = begun ?? now }

  mutating func link(_ peer: ValidatorIndex, _ isLinked: Bool) {
    if isLinked { links.insert(peer) } else { links.remove(peer) }
    hadQuorum = hadQuorum || links.count >= quorum.size - 1
  }

  /// Notes whether anything waits to become final.
  mutating func work(_ waits: Bool, _ now: Tick) { workSince = waits ? workSince ?? now : nil }

  mutating func finalized(_ height: Height, _ now: Tick) { lastFinal = (max(height, lastFinal.height), now) }

  /// Why nothing can become final; nil if there are links to a quorum.
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
