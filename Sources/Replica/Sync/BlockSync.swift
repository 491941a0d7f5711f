internal import Ledger
internal import Primitives

/// Fetching finalized blocks from peers: one range at a time, from each peer in turn.
///
/// The target is always a certificate whose signatures were checked here, never a height that a peer reports
/// (attack S1, CVE-2025-24371).
struct BlockSync {
  /// The newest finalization that cannot be committed yet.
  var target: Certificate?
  /// Whom the outstanding request went to.
  private(set) var asked: PeerID?
  private(set) var retryAt: Tick?
  /// Whether an answer would be taken: one for each request, so that a peer cannot fill memory with answers.
  private(set) var isAwaiting = false
  var isReported = false

  /// When an unanswered request is repeated to another peer.
  var nextDeadline: Tick? { target == nil ? nil : retryAt }

  /// The peer to ask now, or nil if a request is still young or nobody is connected.
  mutating func nextPeer(of connected: Set<PeerID>, now: Tick, retry: UInt64) -> PeerID? {
    if let retryAt, now < retryAt { return nil }
    let ordered = connected.sorted()
    guard !ordered.isEmpty else { return nil }
    let peer = ordered.first { $0 > (asked ?? $0) } ?? ordered[0]
    asked = peer
    isAwaiting = true
    retryAt = now.advanced(byMicroseconds: retry)
    return peer
  }

  /// Whether an answer of `peer` is wanted; another one of it is not.
  mutating func take(from peer: PeerID) -> Bool {
    guard target != nil, isAwaiting, asked == peer else { return false }
    isAwaiting = false
    return true
  }

  /// The outstanding request is answered, well or badly: the next may go out at once.
  mutating func answered() {
    retryAt = nil
  }

  /// The peer that was asked says that it has no more than this node: the next is asked soon.
  mutating func refused(by peer: PeerID, now: Tick) {
    guard isAwaiting, asked == peer, let retryAt else { return }
    isAwaiting = false
    self.retryAt = min(retryAt, now.advanced(byMicroseconds: Self.pause))
  }

  /// Long enough that a question that nobody can answer yet does not go round and round, in microseconds.
  private static let pause: UInt64 = 10_000

  mutating func reached() {
    target = nil
    retryAt = nil
    isReported = false
  }
}

/// A range whose links were checked; its certificate's signatures are on the worker pool.
struct VerifiedRange {
  var blocks: [Block]
  var finalization: Certificate
  /// What the certificate, or the next header, says executing the last block gives.
  var lastResult: Digest
  /// The height of the block that the certificate is about.
  var certifiedHeight: Height
  /// Whether that is the last block itself.
  var isLastCertified: Bool
}
