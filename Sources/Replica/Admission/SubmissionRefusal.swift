package import Ledger
internal import Primitives

/// Why a submitted transaction was refused.
package enum SubmissionRefusal: Error, Sendable {
  case malformed(TransactionError)
  case inadmissible(AdmissionFault)
  /// A signature is not valid for the key that it names.
  case badSignature(member: Name)
  case pool(Mempool.Refusal)
  /// The node has stopped and accepts no transactions until a person repairs it.
  case notTaking(StopReason)
  /// The node has more work than it can keep up with, or is stopping.
  case busy
}

extension SubmissionRefusal: ExplainedError {
  private var cause: (any ExplainedError)? {
    switch self {
    case .malformed(let error): error
    case .inadmissible(let fault): fault
    case .pool(let refusal): refusal
    case .notTaking(let reason): reason
    case .badSignature, .busy: nil
    }
  }

  package var code: String {
    switch self {
    case .badSignature: "transaction.bad-signature"
    case .busy: "node.busy"
    default: cause?.code ?? ""
    }
  }

  package var explanation: String {
    switch self {
    case .badSignature(let member): "a signature of \(member) is not valid for the key that it names"
    case .busy: "the node cannot accept more transactions at the moment"
    default: cause?.explanation ?? ""
    }
  }

  package var nextStep: String {
    switch self {
    case .badSignature: "sign the transaction again, for this chain, with a current key of the member"
    case .busy: "send the same bytes again after a second, or to another node"
    default: cause?.nextStep ?? ""
    }
  }
}
