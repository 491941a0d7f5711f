internal import Cryptography
internal import Ledger
internal import Primitives

// The signatures of messages, in the form in which the workers verify them.
extension StepContext {
  func item(of vote: Vote) -> VerificationItem {
    VerificationItem(
      message: vote.statement.signedBytes(chain), key: configuration.validators.voteKey(of: vote.signer),
      signature: vote.signature)
  }

  /// The signatures of a certificate of the running epoch, or of that of `validators`. If it is not a quorum of them,
  /// returns nil and blames its sender.
  mutating func items(
    of certificate: Certificate, by validators: ValidatorSet? = nil, from peer: PeerID?
  ) -> [VerificationItem]? {
    let validators = validators ?? configuration.validators
    guard certificate.hasQuorum(of: validators) else {
      if let peer {
        blame(
          peer, "certificate.no-quorum",
          "\(certificate.signers.count) signers of \(validators.count) validators are not a quorum")
      }
      return nil
    }
    return certificate.signatures(chain, validators)
  }
}
