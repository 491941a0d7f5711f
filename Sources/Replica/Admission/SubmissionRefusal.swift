package import Ledger
internal import Primitives

/// Why a submitted transaction was refused.
package enum SubmissionRefusal: Error, Sendable {
  case malformed(TransactionError)
  case inadmissible(AdmissionFault)
  /// A signature is not valid for the key that it names.
  case badSignature(member: Name)
  /// The proof that the sender has the new vote key of a validator is not valid.
  case badKeyProof(validator: Name)
  case pool(Mempool.Refusal)
  /// The node has stopped and accepts no transactions until a person repairs it.
  case notTaking(StopReason)
  /// The node has more work than it can keep up with, or is stopping.
  case busy

  /// The refusal of a transaction because of the signature at an index, in the order in which they are verified.
  init(of transaction: SignedTransaction, invalid index: Int) {
    let signatures = transaction.signatures
    self =
      index < signatures.count
      ? .badSignature(member: signatures[index].member)
      : .badKeyProof(validator: transaction.view.keyProofs[index - signatures.count].validator)
  }
}

extension SubmissionRefusal: ExplainedError {
  private var cause: (any ExplainedError)? {
    switch self {
    case .malformed(let error): error
    case .inadmissible(let fault): fault
    case .pool(let refusal): refusal
    case .notTaking(let reason): reason
    case .badSignature, .badKeyProof, .busy: nil
    }
  }

  package var code: String {
    switch self {
    case .badSignature: "transaction.bad-signature"
    case .badKeyProof: "transaction.bad-key-proof"
    case .busy: "node.busy"
    default: cause?.code ?? ""
    }
  }

  package var explanation: String {
    switch self {
    case .badSignature(let member): "a signature of \(member) is not valid for the key that it names"
    case .badKeyProof(let validator):
      "the proof of possession of the vote key for \(validator) is not valid for this key, name and chain"
    case .busy: "the node cannot accept more transactions at the moment"
    default: cause?.explanation ?? ""
    }
  }

  package var nextStep: String {
    switch self {
    case .badSignature: "sign the transaction again, for this chain, with a current key of the member"
    case .badKeyProof: "make the proof again with the new vote key, for this chain and this validator, and sign again"
    case .busy: "send the same bytes again after a second, or to another node"
    default: cause?.nextStep ?? ""
    }
  }
}
