/// The peers that a node may have links with, and the validators of the running epoch among them.
///
/// A peer is identified by its name. Its `PeerID` is this node's own number for it, which it keeps until it leaves.
package struct PeerDirectory: Sendable {
  /// By number; nil where no peer has the number.
  private var names: [String?]
  /// The numbers that no peer has any more, in the order in which they became free.
  private var free: [Int] = []
  private var validatorOfPeer: [ValidatorIndex?] = []
  private var peerOfValidator: [PeerID?] = []
  package private(set) var count = 0

  /// - Parameter names: The names of the peers, in the order of their IDs.
  package init(names: [String], validators: ValidatorSet) {
    self.names = names
    assign(validators)
  }

  /// Creates a directory of the validators alone, in which each peer's ID equals its validator index.
  package init(_ validators: ValidatorSet) {
    self.init(names: validators.validators.map(\.name), validators: validators)
  }

  /// Takes over the validators of an epoch.
  package mutating func assign(_ validators: ValidatorSet) {
    var numbers: [String: PeerID] = [:]
    for (number, name) in names.enumerated() { if let name { numbers[name] = PeerID(UInt16(number)) } }
    count = numbers.count
    validatorOfPeer = Array(repeating: nil, count: names.count)
    peerOfValidator = validators.validators.map { numbers[$0.name] }
    for (place, peer) in peerOfValidator.enumerated() {
      if let peer { validatorOfPeer[Int(peer.rawValue)] = ValidatorIndex(UInt16(place)) }
    }
  }

  /// How many numbers stay free. Who leaves and comes back, even before anybody was told, so gets another number, and is not
  /// taken for one whose link is still open.
  static let resting = 64

  /// Makes these names the peers: those that stay keep their numbers.
  package mutating func list(_ wanted: [String], validators: ValidatorSet) {
    let all = Set(wanted)
    for number in names.indices {
      guard let name = names[number], !all.contains(name) else { continue }
      names[number] = nil
      free.append(number)
    }
    let known = Set(names.compactMap(\.self))
    for name in wanted where !known.contains(name) {
      if free.count > Self.resting { names[free.removeFirst()] = name } else { names.append(name) }
    }
    assign(validators)
  }

  /// The peers' numbers, ascending.
  package var ids: [PeerID] { names.indices.filter { names[$0] != nil }.map { PeerID(UInt16($0)) } }

  package func name(_ peer: PeerID) -> String? { Int(peer.rawValue) < names.count ? names[Int(peer.rawValue)] : nil }

  package func contains(_ peer: PeerID) -> Bool { name(peer) != nil }

  /// The validator that a peer is in the running epoch; nil for a peer that only follows.
  package func validator(_ peer: PeerID) -> ValidatorIndex? {
    contains(peer) ? validatorOfPeer[Int(peer.rawValue)] : nil
  }

  /// The peer that a validator is; nil for a validator that is not among the peers.
  package func peer(_ validator: ValidatorIndex) -> PeerID? {
    Int(validator.rawValue) < peerOfValidator.count ? peerOfValidator[Int(validator.rawValue)] : nil
  }
}
