internal import Cryptography
internal import Ledger
internal import Primitives

// The signatures of messages and transactions, in the form in which the workers verify them.
extension StepContext {
  func item(of vote: Vote) -> VerificationItem {
    VerificationItem(
      message: vote.statement.signedBytes(chain), key: configuration.validators.voteKey(of: vote.signer),
      signature: vote.signature)
  }

  /// The signatures of a certificate. If it is not a quorum of the validator set, returns nil and blames its sender.
  mutating func items(of certificate: Certificate, from peer: PeerID?) -> [VerificationItem]? {
    guard certificate.hasQuorum(of: configuration.validators) else {
      if let peer {
        blame(
          peer, "certificate.no-quorum",
          "\(certificate.signers.count) signers of \(configuration.validators.count) validators are not a quorum")
      }
      return nil
    }
    let message = certificate.statement.signedBytes(chain)
    return zip(certificate.signers, certificate.signatures).map { signer, signature in
      VerificationItem(message: message, key: configuration.validators.voteKey(of: signer), signature: signature)
    }
  }

  func appendItems(of transaction: SignedTransaction, to items: inout [VerificationItem]) {
    let message = transaction.signedBytes(chain)
    for entry in transaction.signatures {
      items.append(VerificationItem(message: message, key: entry.key, signature: entry.signature))
    }
  }
}
