package import Cryptography
package import Primitives

/// Why something could not be done with a node's vote keys.
package enum KeyStoreFault: Error, Equatable, Sendable {
  case key(CryptoError)
  case signer(SignerError)
  /// The key was generated, but is not there any more.
  case gone(PublicKey)
}

extension KeyStoreFault {
  /// Whether a signer process or a token is away, and may be back.
  package var isPassing: Bool {
    switch self {
    case .signer(let error): error.isPassing
    case .key(.signer(let fault)): fault.isAway
    case .key, .gone: false
    }
  }
}

extension KeyStoreFault: ExplainedError {
  package var code: String {
    switch self {
    case .key(let error): error.code
    case .signer(let error): error.code
    case .gone: "signer.key-gone"
    }
  }

  package var explanation: String {
    switch self {
    case .key(let error): error.explanation
    case .signer(let error): error.explanation
    case .gone(let key): "the vote key \(key) is not there any more"
    }
  }

  package var nextStep: String {
    switch self {
    case .key(let error): error.nextStep
    case .signer(let error): error.nextStep
    case .gone:
      "nothing, if it had only been generated: the node has another one generated; otherwise put back its file"
    }
  }
}
