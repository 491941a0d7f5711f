/// Which of the connections that have not yet become a link must end because there are too many (attack N2).
///
/// A connection that has proved its key stays: there is one for each peer. Besides, each known peer gives room to one of
/// the newest connections from its addresses, whoever else connects. The others have a quota for each network and a limit
/// for all together; one more ends the oldest.
struct PendingSlots<ID: Equatable> {
  /// Why a connection ends.
  enum Cause: Equatable {
    case tooMany(limit: Int)
    case tooManyFromAddress(limit: Int)
  }

  private struct Entry {
    var id: ID
    var host: RemoteHost?
    /// Whether it has proved which peer it is.
    var isIdentified = false
  }

  private let limit: Int
  private let quota: Int
  /// Oldest first.
  private var entries: [Entry] = []
  /// The places, in the list of known peers, of those that have an address; those with the fewest others first.
  private var known: [RemoteHost: [Int]] = [:]

  /// - Parameter limit: the number of connections that nothing else gives room to.
  /// - Parameter quota: how many of them may come from one network.
  init(limit: Int, quota: Int) {
    self.limit = limit
    self.quota = quota
  }

  var ids: [ID] { entries.map(\.id) }

  /// Replaces the addresses of the known peers.
  mutating func know(_ peers: [Set<RemoteHost>]) {
    known = [:]
    for (place, hosts) in peers.enumerated().sorted(by: { $0.element.count < $1.element.count }) {
      for host in hosts { known[host, default: []].append(place) }
    }
  }

  /// Adds a connection. Returns the one that must end, if there are too many.
  mutating func add(_ id: ID, from host: RemoteHost?) -> (id: ID, cause: Cause)? {
    entries.append(Entry(id: id, host: host))
    let strangers = strangers
    let network = host?.network
    let own = strangers.filter { entries[$0].host?.network == network }
    if own.count > quota, let oldest = own.first {
      return (entries.remove(at: oldest).id, .tooManyFromAddress(limit: quota))
    }
    if strangers.count > limit, let oldest = strangers.first {
      return (entries.remove(at: oldest).id, .tooMany(limit: limit))
    }
    return nil
  }

  /// The places of the connections that nothing gives room to, oldest first.
  private var strangers: [Int] {
    var used: Set<Int> = []
    // For each address, how many of its peers have been looked at.
    var seen: [RemoteHost: Int] = [:]
    var places: [Int] = []
    for place in entries.indices.reversed() where !entries[place].isIdentified {
      guard let host = entries[place].host, let peers = known[host],
        let next = peers[seen[host, default: 0]...].firstIndex(where: { !used.contains($0) })
      else {
        places.append(place)
        continue
      }
      seen[host] = next + 1
      used.insert(peers[next])
    }
    return places.reversed()
  }

  /// Notes that a connection has proved which peer it is.
  mutating func identify(_ id: ID) {
    if let place = entries.firstIndex(where: { $0.id == id }) { entries[place].isIdentified = true }
  }

  mutating func remove(_ id: ID) { entries.removeAll { $0.id == id } }
}
