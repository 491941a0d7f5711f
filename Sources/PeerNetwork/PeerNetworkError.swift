package import Primitives

/// Why a `PeerNetwork` could not be created or started, or why it did not take a list of peers.
package enum PeerNetworkError: ExplainedError, Hashable {
  case duplicateID(PeerID)
  /// Two peers have this key, a peer has it twice, or it is this node's own.
  case duplicatePin(Digest)
  case badPinCount(peer: String, count: Int)
  case badAddressCount(peer: String, count: Int)
  case badLimits(String)
  case badCertificate(String)
  case badPrivateKey(String)
  case cannotListen(PeerAddress, String)
  case alreadyStarted

  package var code: String {
    switch self {
    case .duplicateID: "peer-network.duplicate-index"
    case .duplicatePin: "peer-network.duplicate-pin"
    case .badPinCount: "peer-network.bad-pin-count"
    case .badAddressCount: "peer-network.bad-address-count"
    case .badLimits: "peer-network.bad-limits"
    case .badCertificate: "peer-network.bad-certificate"
    case .badPrivateKey: "peer-network.bad-private-key"
    case .cannotListen: "peer-network.cannot-listen"
    case .alreadyStarted: "peer-network.already-started"
    }
  }

  package var explanation: String {
    switch self {
    case .duplicateID(let id): "two peers have the index \(id)"
    case .duplicatePin(let pin): "the transport key with pin \(pin) is listed twice, or is this node's own"
    case .badPinCount(let peer, let count):
      "\(peer) has \(count) transport keys; there must be \(PeerDescription.pinCounts.lowerBound) or \(PeerDescription.pinCounts.upperBound)"
    case .badAddressCount(let peer, let count):
      "\(peer) has \(count) addresses; there must be \(PeerDescription.addressCounts.lowerBound) to \(PeerDescription.addressCounts.upperBound)"
    case .badLimits(let text): "the limits of the peer network contradict each other: \(text)"
    case .badCertificate(let text): "this node's transport certificate cannot be used: \(text)"
    case .badPrivateKey(let text): "this node's transport key cannot be used: \(text)"
    case .cannotListen(let address, let text): "cannot listen for peers on \(address): \(text)"
    case .alreadyStarted: "the peer network has already been started"
    }
  }

  package var nextStep: String {
    switch self {
    case .duplicateID, .duplicatePin: "give every validator its own index and its own transport key"
    case .badPinCount, .badAddressCount: "correct the entry of this validator"
    case .badLimits: "correct the limits in the node's configuration"
    case .badCertificate, .badPrivateKey: "check the transport key and certificate files of this node"
    case .cannotListen: "choose a free port and an address of this machine, or stop the program that uses the port"
    case .alreadyStarted: "create a new peer network for a new start"
    }
  }
}
