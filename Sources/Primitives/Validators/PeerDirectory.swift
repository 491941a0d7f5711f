/// The peers that a node may have links with, and the validators of the running epoch among them.
///
/// A peer is identified by its name; its position in this directory is its `PeerID`.
package struct PeerDirectory: Sendable {
  private let names: [String]
  private let validatorOfPeer: [ValidatorIndex?]
  private let peerOfValidator: [PeerID?]

  /// - Parameter names: The names of the peers, in the order of their IDs.
  package init(names: [String], validators: ValidatorSet) {
    self.names = names
    validatorOfPeer = names.map { name in
      validators.validators.firstIndex { $0.name == name }.map { ValidatorIndex(UInt16($0)) }
    }
    peerOfValidator = validators.validators.map { validator in
      names.firstIndex(of: validator.name).map { PeerID(UInt16($0)) }
    }
  }

  /// Creates a directory of the validators alone, in which each peer's ID equals its validator index.
  package init(_ validators: ValidatorSet) {
    self.init(names: validators.validators.map(\.name), validators: validators)
  }

  /// The same peers in an epoch of these validators.
  package func assigned(to validators: ValidatorSet) -> PeerDirectory {
    PeerDirectory(names: names, validators: validators)
  }

  package var count: Int { names.count }

  package func contains(_ peer: PeerID) -> Bool { Int(peer.rawValue) < names.count }

  /// The validator that a peer is in the running epoch; nil for a peer that only follows.
  package func validator(_ peer: PeerID) -> ValidatorIndex? {
    contains(peer) ? validatorOfPeer[Int(peer.rawValue)] : nil
  }

  /// The peer that a validator is; nil for a validator that is not among the peers.
  package func peer(_ validator: ValidatorIndex) -> PeerID? {
    Int(validator.rawValue) < peerOfValidator.count ? peerOfValidator[Int(validator.rawValue)] : nil
  }
}
