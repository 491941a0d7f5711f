/// The peers that a node may have links with, and which of them are validators of the running epoch.
///
/// A peer is who holds the key of its pin; its place here is its `PeerID`.
package struct PeerDirectory: Sendable {
  private let pins: [Digest]
  private let validatorOfPeer: [ValidatorIndex?]
  private let peerOfValidator: [PeerID?]

  /// - Parameter pins: of the peers, in the order of their IDs.
  package init(pins: [Digest], validators: ValidatorSet) {
    self.pins = pins
    validatorOfPeer = pins.map { pin in
      validators.validators.firstIndex { $0.pin == pin }.map { ValidatorIndex(UInt16($0)) }
    }
    peerOfValidator = validators.validators.map { validator in
      pins.firstIndex(of: validator.pin).map { PeerID(UInt16($0)) }
    }
  }

  /// A directory of the validators alone: the peer's ID is then the validator's place.
  package init(_ validators: ValidatorSet) {
    self.init(pins: validators.validators.map(\.pin), validators: validators)
  }

  package var count: Int { pins.count }

  package func contains(_ peer: PeerID) -> Bool { Int(peer.rawValue) < pins.count }

  /// The validator that a peer is in the running epoch; nil for one that only follows.
  package func validator(_ peer: PeerID) -> ValidatorIndex? {
    contains(peer) ? validatorOfPeer[Int(peer.rawValue)] : nil
  }

  /// The peer that a validator is; nil for one that is not known as a peer.
  package func peer(_ validator: ValidatorIndex) -> PeerID? {
    Int(validator.rawValue) < peerOfValidator.count ? peerOfValidator[Int(validator.rawValue)] : nil
  }
}
