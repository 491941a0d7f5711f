/// The processes with which a peer's links were made, told apart by the instance in their hellos.
///
/// A process that ended does not come back. So if an instance is heard of again after another one, both run at once
/// with the peer's key (attack C9). It must come back twice, because the hello of a process that has just ended may be
/// read after that of its successor.
struct InstanceHistory {
  /// The instances that are remembered.
  private static let limit = 8
  private static let proof = 2

  /// The last one first, with how often each came back.
  private var recent: [(instance: UInt64, returns: Int)] = []

  /// Notes the instance of a link. Returns whether it proves that the peer's key is used by two processes.
  mutating func note(_ instance: UInt64) -> Bool {
    guard let place = recent.firstIndex(where: { $0.instance == instance }) else {
      recent.insert((instance, 0), at: 0)
      if recent.count > Self.limit { recent.removeLast() }
      return false
    }
    guard place > 0 else { return false }
    var found = recent.remove(at: place)
    found.returns = min(found.returns + 1, Self.proof)
    recent.insert(found, at: 0)
    return found.returns == Self.proof
  }

  /// The instances of which it is proved, the last one first, at most `Hello.doubledLimit`.
  var doubled: [UInt64] {
    recent.filter { $0.returns == Self.proof }.prefix(Hello.doubledLimit).map(\.instance)
  }
}
