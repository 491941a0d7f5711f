internal import Primitives
internal import Replica

/// What a node is behind with: blocks that the others have, inputs, waiting transactions, the query index, snapshots, messages.
struct BacklogWatch: Sendable {
  /// The share of a queue from which on it is a warning, in percent.
  static let high: UInt64 = 80
  /// How long a height may lag without rising, in microseconds.
  static let patience: UInt64 = 10_000_000
  /// How long dropped messages are named, in microseconds.
  static let messageMemory: UInt64 = 600_000_000

  /// A height that should follow another one.
  private struct Lag: Sendable {
    var height = Height.genesis
    var target = Height.genesis
    /// Since when it has been behind without rising; nil if it is not.
    var since: Tick?

    mutating func note(_ height: Height, of target: Height, _ now: Tick) {
      let rose = height > self.height
      self.height = height
      self.target = target
      since = height >= target ? nil : rose ? now : since ?? now
    }

    func standstill(_ now: Tick) -> Tick? {
      since.flatMap { now.microseconds(since: $0) > BacklogWatch.patience ? $0 : nil }
    }
  }

  private var last = Observations()
  private var chain = Lag()
  private var index = Lag()
  private var queueSince: Tick?
  private var poolSince: Tick?
  private var dropped: (first: Tick, last: Tick, count: Int)?
  private var snapshotFailure: (since: Tick, fault: any ExplainedError)?

  /// - Parameter faulty: how many of the validators may be faulty, and so say any height.
  mutating func observe(_ observations: Observations, faulty: Int, _ now: Tick) {
    let heights = observations.peerHeights.sorted(by: >)
    chain.note(
      observations.height, of: heights.count > faulty ? heights[faulty] : observations.height, now)
    if let height = observations.indexHeight { index.note(height, of: observations.height, now) }
    queueSince = observations.inputs?.reaches(percent: Self.high) == true ? queueSince ?? now : nil
    poolSince = Self.isFilling(observations) ? poolSince ?? now : nil
    let fresh = observations.droppedMessages - last.droppedMessages
    if fresh > 0 { dropped = (dropped?.first ?? now, now, (dropped?.count ?? 0) + fresh) }
    if let known = dropped, now.microseconds(since: known.last) > Self.messageMemory { dropped = nil }
    last = observations
  }

  private static func isFilling(_ observations: Observations) -> Bool {
    observations.poolTransactions?.reaches(percent: high) == true
      || observations.poolBytes?.reaches(percent: high) == true
  }

  mutating func snapshotFailed(_ fault: some ExplainedError, _ now: Tick) {
    snapshotFailure = (snapshotFailure?.since ?? now, fault)
  }

  mutating func snapshotMade() { snapshotFailure = nil }

  /// Why this node does not get the blocks that others have; nil if it does.
  func behind(_ now: Tick) -> Symptom? {
    chain.standstill(now).map { since in
      Symptom(
        .behind, since: since, Finding.Subject(.node),
        "this node stands at height \(chain.height), at least one correct validator at \(chain.target), and nothing has come "
          + "for \(now.microseconds(since: since) / 1_000_000) s",
        nextStep: "check this node's links, its disk and its log; a restart fetches anew")
    }
  }

  func symptoms(_ now: Tick) -> [Symptom] {
    var symptoms: [Symptom] = []
    if let queueSince, let inputs = last.inputs {
      symptoms.append(
        Symptom(
          .queueFilling, since: queueSince, Finding.Subject(.queue),
          "\(inputs.used) of \(inputs.limit) inputs wait for the replica: it gets more than it can process",
          nextStep: "submit less, or give the node more processor time"))
    }
    if let poolSince, let transactions = last.poolTransactions, let bytes = last.poolBytes {
      let by = last.largestShare.map {
        "; most are sponsored by \($0.member): \($0.transactions) transactions of \($0.bytes) bytes"
      }
      symptoms.append(
        Symptom(
          .poolFilling, since: poolSince, Finding.Subject(.pool, last.largestShare.map { "\($0.member)" }),
          "\(transactions.used) of \(transactions.limit) transactions and \(bytes.used) of \(bytes.limit) bytes wait in the "
            + "pool\(by ?? "")",
          nextStep: "if blocks become final, submit less; if none do, see the other findings"))
    }
    if let since = index.standstill(now) {
      symptoms.append(
        Symptom(
          .indexBehind, since: since, Finding.Subject(.index),
          "the query index stands at height \(index.height), the chain at \(index.target), and nothing was added for "
            + "\(now.microseconds(since: since) / 1_000_000) s",
          nextStep: "check the disk of files.index, and the node's log"))
    }
    if let (since, fault) = snapshotFailure {
      symptoms.append(
        Symptom(
          .snapshotsFail, since: since, Finding.Subject(.snapshot),
          "the last snapshot failed: [\(fault.code)] \(fault.explanation)", nextStep: fault.nextStep))
    }
    if let dropped {
      symptoms.append(
        Symptom(
          .messagesDropped, since: dropped.first, Finding.Subject(.log),
          "\(dropped.count) messages of this node were dropped, because nobody read them or they could not be written",
          nextStep: "read the node's standard error, or check the disk of log.file"))
    }
    return symptoms
  }
}
