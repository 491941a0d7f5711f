package import Primitives

/// Why a `PeerNetwork` could not be created or started.
package enum PeerNetworkError: ExplainedError, Hashable {
  case duplicateID(PeerID)
  case duplicatePin(Digest)
  case badLimits(String)
  case badCertificate(String)
  case badPrivateKey(String)
  /// The peers expect a key for this node that differs from the one it was given.
  case ownKeyNotListed(own: Digest, listed: Digest)
  case cannotListen(PeerAddress, String)
  case alreadyStarted

  package var code: String {
    switch self {
    case .duplicateID: "peer-network.duplicate-index"
    case .duplicatePin: "peer-network.duplicate-pin"
    case .badLimits: "peer-network.bad-limits"
    case .badCertificate: "peer-network.bad-certificate"
    case .badPrivateKey: "peer-network.bad-private-key"
    case .ownKeyNotListed: "peer-network.own-key-not-listed"
    case .cannotListen: "peer-network.cannot-listen"
    case .alreadyStarted: "peer-network.already-started"
    }
  }

  package var explanation: String {
    switch self {
    case .duplicateID(let id): "two peers have the index \(id)"
    case .duplicatePin(let pin): "two peers have the transport key with pin \(pin)"
    case .badLimits(let text): "the limits of the peer network contradict each other: \(text)"
    case .badCertificate(let text): "this node's transport certificate cannot be used: \(text)"
    case .badPrivateKey(let text): "this node's transport key cannot be used: \(text)"
    case .ownKeyNotListed(let own, let listed):
      "this node's transport key has the pin \(own), but its peers expect \(listed)"
    case .cannotListen(let address, let text): "cannot listen for peers on \(address): \(text)"
    case .alreadyStarted: "the peer network has already been started"
    }
  }

  package var nextStep: String {
    switch self {
    case .duplicateID, .duplicatePin: "give every validator its own index and its own transport key"
    case .badLimits: "correct the limits in the node's configuration"
    case .badCertificate, .badPrivateKey: "check the transport key and certificate files of this node"
    case .ownKeyNotListed:
      "start the node with the transport key that genesis or the chain lists for it, or update the validator's entry"
    case .cannotListen: "choose a free port and an address of this machine, or stop the program that uses the port"
    case .alreadyStarted: "create a new peer network for a new start"
    }
  }
}
