package import Ledger
internal import Primitives

/// Why a submitted transaction was not taken.
package enum SubmissionRefusal: Error, Sendable {
  case malformed(TransactionError)
  case inadmissible(AdmissionFault)
  /// A signature does not hold for the key it names.
  case badSignature(member: Name)
  case pool(Mempool.Refusal)
  /// The node cannot take transactions until somebody repairs it.
  case notTaking(StopReason)
  /// The node has more to do than it can keep up with, or is stopping.
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

extension StopReason: ExplainedError {
  package var code: String {
    switch self {
    case .ownKeyElsewhere: "node.key-used-elsewhere"
    case .resultDiffers: "node.result-differs"
    case .contradiction: "node.certificates-contradict"
    case .logFailed: "node.log-failed"
    case .signing(let refusal): refusal.code
    case .finalizedBlockInvalid: "node.finalized-block-invalid"
    }
  }

  package var explanation: String {
    switch self {
    case .ownKeyElsewhere(let statement):
      "a \(statement.kind) of view \(statement.view) carries this node's signature, but this node never made it: "
        + "the same key runs twice"
    case .resultDiffers(let height, let own, let certified):
      "executing block \(height) gave \(own.short) here, but a quorum certified \(certified.short)"
    case .contradiction(let first, let second):
      "view \(first.view) has a certified \(first.kind) and view \(second.view) a certified \(second.kind) that "
        + "exclude each other: more validators are faulty than the chain tolerates"
    case .logFailed(let reason): "the log cannot be written: \(reason)"
    case .signing(let refusal): refusal.explanation
    case .finalizedBlockInvalid(let height, let explanation):
      "finalized block \(height) does not apply to this node's state: \(explanation)"
    }
  }

  package var nextStep: String {
    switch self {
    case .ownKeyElsewhere: "stop one of the two nodes that use the key, then start this one again"
    case .contradiction:
      "call the other operators: compare the evidence in their logs before anybody starts a node again"
    case .resultDiffers, .finalizedBlockInvalid:
      "stop the node, keep its directory for analysis, check that it runs the same version as the others, and let "
        + "it rebuild from an empty log directory"
    case .logFailed: "free space or replace the disk, then start the node again: no command is needed"
    case .signing(let refusal): refusal.nextStep
    }
  }
}
