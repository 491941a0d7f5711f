internal import Primitives

/// The chunks of a snapshot that are still missing, and the peers that were asked for them.
///
/// A snapshot that comes too slowly is given up: within each period a share of its chunks must arrive. So no peer can
/// keep a node busy for long with a snapshot that only this peer has (attack H2).
struct ChunkRequests {
  /// How many chunks may be requested from one peer at the same time.
  private static let window = 2
  /// How many peers may be asked for one chunk at the same time, when there are no others to ask for.
  private static let rivals = 2
  /// The part of the snapshot that must arrive in one period, as a divisor, and the least number of chunks.
  private static let share = 128
  private static let least = 5

  private struct Request {
    var peer: PeerID
    var since: Tick
  }

  /// Chunks still to be requested; the last element is the next.
  private var missing: [Int]
  private let count: Int
  private var open: [Int: [Request]] = [:]
  /// Peers that are not asked any more, because they do not have the snapshot or were silent.
  private var excluded: Set<PeerID> = []
  private var periodEnd: Tick?
  private var arrived = 0

  init(count: Int, here: Set<Int>) {
    self.count = count
    missing = (0..<count).filter { !here.contains($0) }.reversed()
  }

  var missingCount: Int { missing.count + open.count }
  var isComplete: Bool { missing.isEmpty && open.isEmpty }

  /// When a silent peer is given up, another one is asked for the same chunk, or the period ends.
  func nextDeadline(retry: UInt64) -> Tick? {
    var deadline = periodEnd
    for request in open.values.joined() {
      for limit in [Self.rivalry(retry), Self.silence(retry)] {
        let due = request.since.advanced(byMicroseconds: limit)
        if due > lastLook { deadline = min(deadline ?? due, due) }
      }
    }
    return deadline
  }

  /// A time at which everything that was due had been done.
  private var lastLook = Tick(0)

  private static func silence(_ retry: UInt64) -> UInt64 { 16 * retry }
  private static func rivalry(_ retry: UInt64) -> UInt64 { 2 * retry }

  /// Whether the snapshot must be given up: nobody has it, or it comes too slowly.
  /// - Parameter patience: the length of a period, as a multiple of the time after which a peer counts as silent.
  mutating func isHopeless(of connected: Set<PeerID>, patience: UInt64, now: Tick, retry: UInt64) -> Bool {
    // Without links nobody is slow.
    guard !connected.isEmpty else {
      periodEnd = nil
      return false
    }
    if !isComplete, open.isEmpty, connected.isSubset(of: excluded) { return true }
    if let periodEnd, now >= periodEnd {
      let left = missingCount
      if left > 0, arrived < min(max(Self.least, count / Self.share), left + arrived) { return true }
      self.periodEnd = nil
    }
    if periodEnd == nil {
      periodEnd = now.advanced(byMicroseconds: patience * Self.silence(retry))
      arrived = 0
    }
    return false
  }

  /// Chunks to request now, and the peers to request them from.
  mutating func next(of connected: Set<PeerID>, now: Tick, retry: UInt64) -> [(peer: PeerID, index: Int)] {
    lastLook = now
    for index in open.keys.sorted() {
      for request in open[index] ?? [] where request.since.advanced(byMicroseconds: Self.silence(retry)) <= now {
        // A peer that is silent about one chunk is not asked for others: it may have pruned the snapshot.
        excluded.insert(request.peer)
        close(index, of: request.peer)
      }
    }
    var requests: [(peer: PeerID, index: Int)] = []
    let peers = connected.subtracting(excluded).sorted()
    var counts = [PeerID: Int](open.values.joined().map { ($0.peer, 1) }, uniquingKeysWith: +)
    for _ in 0..<Self.window {
      for peer in peers where counts[peer, default: 0] < Self.window {
        guard let index = missing.popLast() ?? slow(without: peer, now, retry) else { continue }
        counts[peer, default: 0] += 1
        open[index, default: []].append(Request(peer: peer, since: now))
        requests.append((peer, index))
      }
    }
    return requests
  }

  /// A chunk for which another peer has been asked for long.
  private func slow(without peer: PeerID, _ now: Tick, _ retry: UInt64) -> Int? {
    open.filter { _, requests in
      requests.count < Self.rivals && !requests.contains { $0.peer == peer }
        && requests.allSatisfy { $0.since.advanced(byMicroseconds: Self.rivalry(retry)) <= now }
    }.keys.min()
  }

  /// Whether this chunk was requested from this peer. The requests for it are then closed.
  mutating func accepts(_ index: Int, from peer: PeerID) -> Bool {
    guard open[index]?.contains(where: { $0.peer == peer }) == true else { return false }
    open[index] = nil
    arrived += 1
    return true
  }

  /// Notes that the peer does not have the chunk or sent a wrong one.
  mutating func refused(_ index: Int, by peer: PeerID) {
    missing.append(index)
    arrived -= 1
    excluded.insert(peer)
  }

  mutating func lost(_ peer: PeerID) {
    for index in open.keys.sorted() { close(index, of: peer) }
    excluded.remove(peer)
  }

  /// Forgets who was asked, so that all are asked again.
  mutating func restart() {
    missing += open.keys.sorted(by: >)
    open = [:]
    excluded = []
    periodEnd = nil
  }

  private mutating func close(_ index: Int, of peer: PeerID) {
    guard var requests = open[index] else { return }
    requests.removeAll { $0.peer == peer }
    open[index] = requests.isEmpty ? nil : requests
    if requests.isEmpty { missing.append(index) }
  }
}
