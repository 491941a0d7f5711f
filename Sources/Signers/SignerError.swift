package import Primitives

/// Why a signer process could not be used.
package enum SignerError: Error, Hashable, Sendable {
  /// Nobody answers at the socket.
  case unreachable(path: String, reason: String)
  /// The signer did not answer in time.
  case silent(path: String, milliseconds: UInt64)
  /// What came from the socket is not an answer of a signer.
  case answer(path: String, reason: String)
  /// The signer has none of the node's keys.
  case otherKey(path: String, PublicKey)
  case refused(SignerRefusal)
}

extension SignerError {
  /// Whether the signer may be usable later without anybody changing how node and signer are set up.
  package var isPassing: Bool {
    switch self {
    case .unreachable, .silent, .refused(.disk), .refused(.keyAway): true
    case .answer, .otherKey, .refused: false
    }
  }
}

extension SignerError: ExplainedError {
  package var code: String {
    switch self {
    case .unreachable: "signer.unreachable"
    case .silent: "signer.silent"
    case .answer: "signer.bad-answer"
    case .otherKey: "signer.other-key"
    case .refused(let refusal): refusal.code
    }
  }

  package var explanation: String {
    switch self {
    case .unreachable(let path, let reason): "no signer can be reached at \(path): \(reason)"
    case .silent(let path, let milliseconds): "the signer at \(path) did not answer within \(milliseconds) ms"
    case .answer(let path, let reason): "what answers at \(path) is not a signer of this version: \(reason)"
    case .otherKey(let path, let key): "the signer at \(path) has none of this node's keys, but \(key)"
    case .refused(let refusal): refusal.explanation
    }
  }

  package var nextStep: String {
    switch self {
    case .unreachable: "start the signer there with `roadbed signer`; the node goes on by itself"
    case .silent: "check the load and the disk of the signer's machine; the node goes on by itself"
    case .answer: "check the path of the socket, and that node and signer are of the same version"
    case .otherKey: "start the signer with the key that this node had before"
    case .refused(let refusal): refusal.nextStep
    }
  }
}
