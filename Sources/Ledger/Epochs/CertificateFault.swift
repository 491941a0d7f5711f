package import Cryptography
public import Primitives

/// The reason why a certificate is not that of a validator set.
public enum CertificateFault: Error, Hashable, Sendable {
  /// The certificate is of another epoch.
  case epoch(Epoch, expected: Epoch)
  /// Not exactly a quorum of the validators signed.
  case signers(count: Int, quorum: Int, validators: Int)
  /// The signature of this validator is not valid.
  case signature(ValidatorIndex)
}

extension CertificateFault {
  var explanation: String {
    switch self {
    case .epoch(let epoch, let expected): "the certificate is of epoch \(epoch) instead of \(expected)"
    case .signers(let count, let quorum, let validators):
      "\(count) signed, or a signer is not a validator; exactly \(quorum) of the \(validators) validators must sign"
    case .signature(let index): "the signature of validator \(index) is invalid"
    }
  }
}

extension Certificate {
  /// Checks that exactly a quorum of `validators` signed the statement, each with a valid signature.
  func verify(_ chain: ChainContext, _ validators: ValidatorSet) throws(CertificateFault) {
    try verifySigners(of: validators)
    let message = statement.signedBytes(chain)
    var verifier = SignatureVerifier(chain.suite)
    for (signer, signature) in zip(signers, signatures) {
      guard verifier.verify(signature, of: message, by: validators.voteKey(of: signer)) else {
        throw .signature(signer)
      }
    }
  }

  /// Checks everything but the signatures.
  func verifySigners(of validators: ValidatorSet) throws(CertificateFault) {
    guard statement.epoch == validators.epoch else { throw .epoch(statement.epoch, expected: validators.epoch) }
    guard hasQuorum(of: validators), hasAscendingSigners else {
      throw .signers(count: signers.count, quorum: validators.quorum.size, validators: validators.count)
    }
  }

  /// What to verify to know that these validators, of whom the signers are, signed.
  package func signatures(_ chain: ChainContext, _ validators: ValidatorSet) -> [VerificationItem] {
    let message = statement.signedBytes(chain)
    return zip(signers, signatures).map { signer, signature in
      VerificationItem(message: message, key: validators.voteKey(of: signer), signature: signature)
    }
  }

  /// Whether the signers are strictly ascending, so that none counts twice (attack E7). Decoding guarantees this, but
  /// a certificate that was assembled in memory may break it.
  private var hasAscendingSigners: Bool { zip(signers, signers.dropFirst()).allSatisfy { $0 < $1 } }
}
