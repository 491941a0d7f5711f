internal import Primitives

/// The conduct of peers that were dropped, for the time when they are taken again. Beyond the limit, that of the peer that
/// was dropped first is forgotten.
struct FormerPeers {
  private struct Former {
    var id: PeerID
    var name: String
    var conduct: PeerConduct
  }

  private let limit: Int
  /// In the order in which they were dropped.
  private var all: [Former] = []

  /// - Parameter limit: many more peers than a chain can drop within the longest pause.
  init(limit: Int = 1024) { self.limit = limit }

  /// Remembers a peer that is dropped.
  mutating func add(_ id: PeerID, _ name: String, _ conduct: PeerConduct) {
    all.append(Former(id: id, name: name, conduct: conduct))
    if all.count > limit { all.removeFirst() }
  }

  /// The conduct of a peer that is taken again; nil if it was never dropped, or is forgotten.
  mutating func take(_ id: PeerID, _ name: String) -> PeerConduct? {
    guard let place = all.firstIndex(where: { $0.id == id && $0.name == name }) else { return nil }
    return all.remove(at: place).conduct
  }
}
