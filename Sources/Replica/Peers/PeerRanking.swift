internal import Primitives

/// The order in which peers are asked for blocks: whoever answered well last comes first, and whoever was silent or
/// useless comes last, for a pause that grows.
///
/// Only this node's own experience counts, so no peer has an influence on the place of another (attack H2). A peer that
/// comes last is still asked if there is no better one.
struct PeerRanking {
  private struct Record {
    /// Questions in vain since the last useful answer.
    var misses = 0
    /// Until then, every other peer is asked first.
    var pausedUntil = Tick(0)
    /// How often the peer said that it has nothing since its last useful answer, and until when it is not asked again.
    var refusals = 0
    var restsUntil = Tick(0)
    /// The number of the last question.
    var lastAsked = 0
  }

  /// The peer that gave the last good answer.
  private(set) var favourite: PeerID?
  private var records: [PeerID: Record] = [:]
  private var questions = 0

  /// The first rest of a peer that has nothing, in microseconds, and how often rests and pauses are doubled.
  private static let rest: UInt64 = 10_000
  private static let doublings = 6

  /// The peers that may be asked now, the best first.
  func order(_ peers: some Sequence<PeerID>, now: Tick) -> [PeerID] {
    peers.filter { rest(of: $0) <= now }.sorted { place(of: $0, now) < place(of: $1, now) }
  }

  /// Until when a peer that has nothing is left alone.
  func rest(of peer: PeerID) -> Tick { records[peer]?.restsUntil ?? Tick(0) }

  private func place(of peer: PeerID, _ now: Tick) -> (UInt64, Int, Int, UInt16) {
    let record = records[peer] ?? Record()
    if peer == favourite { return (0, 0, 0, peer.rawValue) }
    let pause = record.pausedUntil > now ? record.pausedUntil.rawValue : 0
    return (pause, record.misses + 1, record.lastAsked, peer.rawValue)
  }

  mutating func asked(_ peer: PeerID) {
    questions += 1
    records[peer, default: Record()].lastAsked = questions
  }

  /// The peer gave as much as it may give at once, and in time.
  mutating func served(_ peer: PeerID) {
    records[peer] = Record(lastAsked: records[peer]?.lastAsked ?? 0)
    favourite = peer
  }

  /// The peer's answer was of use, but late or short.
  mutating func helped(_ peer: PeerID) {
    var record = Record(lastAsked: records[peer]?.lastAsked ?? 0)
    record.misses = 1
    records[peer] = record
    if favourite == peer { favourite = nil }
  }

  /// The peer was silent, or its answer was of no use. In the second case it is not asked again before its pause is
  /// over, even if there is no other.
  mutating func failed(_ peer: PeerID, isSilent: Bool, _ now: Tick, retry: UInt64) {
    var record = records[peer] ?? Record()
    record.pausedUntil = now.advanced(byMicroseconds: retry << UInt64(min(record.misses, Self.doublings)))
    if !isSilent { record.restsUntil = record.pausedUntil }
    record.misses = min(record.misses + 1, Int(Int32.max))
    records[peer] = record
    if favourite == peer { favourite = nil }
  }

  /// The peer says that it has no more than this node, which may change any moment.
  mutating func refused(_ peer: PeerID, _ now: Tick, retry: UInt64) {
    var record = records[peer] ?? Record()
    let rest = min(Self.rest << UInt64(min(record.refusals, Self.doublings)), retry / 2)
    record.restsUntil = now.advanced(byMicroseconds: rest)
    record.refusals = min(record.refusals + 1, Self.doublings)
    records[peer] = record
  }

  /// The link to the peer is new. What it did before is not forgotten, but it is asked again.
  mutating func connected(_ peer: PeerID) { wake(peer) }

  /// This node needs other blocks than before, which peers may have that did not have the earlier ones.
  mutating func wakeAll() { for peer in records.keys { wake(peer) } }

  private mutating func wake(_ peer: PeerID) {
    records[peer]?.pausedUntil = Tick(0)
    records[peer]?.restsUntil = Tick(0)
  }

  mutating func disconnected(_ peer: PeerID) { if favourite == peer { favourite = nil } }
}
