package import Primitives

/// Why a signer refuses a request.
package enum SignerRefusal: Error, Hashable, Sendable {
  case otherVersion(UInt16, own: UInt16)
  case otherChain(Digest)
  /// A vote key never signs transactions, and a member's key never votes.
  case otherRole
  /// Another node uses the signer, as it described itself.
  case inUse(by: String)
  case unknownKey(PublicKey)
  /// The statement would contradict this one, which the signer signed before, or it is not above what is final.
  case conflict(with: Statement)
  /// The signer's disk keeps nothing, so nothing is signed until it does.
  case disk(String)
  /// The token that has the key is out of reach.
  case keyAway(String)
  /// The key, its file or the cryptographic library failed.
  case failed(String)
  /// The key was generated, but the signer does not have it any more.
  case gone(PublicKey)
  case malformed(String)
}

extension SignerRefusal: ExplainedError {
  package var code: String {
    switch self {
    case .otherVersion: "signer.other-version"
    case .otherChain: "signer.other-chain"
    case .otherRole: "signer.other-role"
    case .inUse: "signer.in-use"
    case .unknownKey: "signer.unknown-key"
    case .conflict: "signer.conflict"
    case .disk: "signer.disk-failed"
    case .keyAway: "signer.key-away"
    case .failed: "signer.failed"
    case .gone: "signer.key-gone"
    case .malformed: "signer.malformed"
    }
  }

  package var explanation: String {
    switch self {
    case .otherVersion(let version, let own): "the signer speaks version \(own) of its protocol, not \(version)"
    case .otherChain(let own): "the signer serves the chain with genesis \(own)"
    case .otherRole:
      "the signer's key is not for this: a vote key signs votes only, and a member's key transactions only"
    case .inUse(let other): "another node uses the signer: \(other)"
    case .unknownKey(let key): "the signer does not have the key \(key)"
    case .conflict(let earlier):
      "the signer signed a \(earlier.kind) vote of view \(earlier.view) in epoch \(earlier.epoch), or knows that the view is "
        + "final, and signs nothing that contradicts that"
    case .disk(let reason): "the signer cannot keep what it signs, so it signs nothing: \(reason)"
    case .keyAway(let reason): "the signer's key is out of reach, so it signs nothing: \(reason)"
    case .failed(let reason): "the signer's key failed: \(reason)"
    case .gone(let key): "the signer does not have the generated key \(key) any more"
    case .malformed(let reason): "the signer does not understand the request: \(reason)"
    }
  }

  package var nextStep: String {
    switch self {
    case .otherVersion: "let node and signer be of the same version of Roadbed"
    case .otherChain: "give the signer and the node the same genesis file"
    case .otherRole: "start a signer for this kind of key: `roadbed signer --role node` or `--role member`"
    case .inUse: "stop the other node: one vote key belongs to one node; it counts as faulty if two use it"
    case .unknownKey, .gone: "put the newest copy of the key's files where the signer reads them, and start it again"
    case .conflict: "nothing, if it happens once after a crash; otherwise find out who else uses the key"
    case .disk: "free space on the signer's disk, or replace it; the signer goes on by itself"
    case .keyAway: "put the token back; the signer goes on by itself"
    case .failed: "check the signer's key file and the memory of its machine, then start it again"
    case .malformed: "check that the program at the other end is a node or a command of this version"
    }
  }
}
