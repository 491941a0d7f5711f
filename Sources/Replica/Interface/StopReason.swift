package import Ledger
package import Primitives

/// Why a node stopped voting for good; only a restart, or a person, can change that.
package indirect enum StopReason: Error, Equatable, Sendable {
  case ownKeyElsewhere(Statement)
  /// More validators than can be faulty say that another process uses this node's key.
  case ownKeyReported(validators: Int)
  case resultDiffers(Height, own: Digest, certified: Digest)
  /// Two certificates that cannot both exist unless more than f validators are faulty.
  case contradiction(Statement, Statement)
  case logFailed(String)
  case signing(SigningRefusal)
  /// A finalized block does not apply to the node's own state.
  case finalizedBlockInvalid(Height, explanation: String)
  /// The chain goes on by rules that this program does not know.
  case rulesUnknown(UInt16, newest: UInt16)
  /// Two vote keys that this node holds are validators of an epoch.
  case twoOwnKeys(Epoch)
  /// An epoch was opened by another result than the operator's checkpoint names.
  case otherThanCheckpoint(Checkpoint, own: Digest)
}

extension StopReason: ExplainedError {
  package var code: String {
    switch self {
    case .ownKeyElsewhere, .ownKeyReported: "node.key-used-elsewhere"
    case .resultDiffers: "node.result-differs"
    case .contradiction: "node.certificates-contradict"
    case .logFailed: "node.log-failed"
    case .signing(let refusal): refusal.code
    case .finalizedBlockInvalid: "node.finalized-block-invalid"
    case .rulesUnknown: "node.rules-unknown"
    case .twoOwnKeys: "node.two-validators"
    case .otherThanCheckpoint: "node.other-than-checkpoint"
    }
  }

  package var explanation: String {
    switch self {
    case .ownKeyElsewhere(let statement):
      "a \(statement.kind) vote of view \(statement.view) carries this node's signature, but this node never signed it: "
        + "the same key is used twice"
    case .ownKeyReported(let validators):
      "\(validators) validators are linked to another process that uses this node's key"
    case .resultDiffers(let height, let own, let certified):
      "executing block \(height) gave \(own.short) here, but a quorum certified \(certified.short)"
    case .contradiction(let first, let second):
      "view \(first.view) has a certified \(first.kind) and view \(second.view) a certified \(second.kind) that "
        + "exclude each other: more validators are faulty than the chain tolerates"
    case .logFailed(let reason): "the log cannot be written: \(reason)"
    case .signing(let refusal): refusal.explanation
    case .finalizedBlockInvalid(let height, let explanation):
      "finalized block \(height) does not apply to this node's state: \(explanation)"
    case .rulesUnknown(let version, let newest):
      "the chain goes on by version \(version) of its rules; this program knows none above \(newest)"
    case .twoOwnKeys(let epoch): "two of the vote keys that this node holds are validators of epoch \(epoch)"
    case .otherThanCheckpoint(let checkpoint, let own):
      "epoch \(checkpoint.epoch) was opened by the result \(own) here, but the checkpoint says \(checkpoint.result)"
    }
  }

  package var nextStep: String {
    switch self {
    case .ownKeyElsewhere, .ownKeyReported: "stop one of the two nodes that use the key, then start this one again"
    case .contradiction:
      "call the other operators: compare the evidence in their logs before anyone starts a node again"
    case .resultDiffers, .finalizedBlockInvalid:
      "stop the node, keep its directory for analysis, check that it runs the same version as the others, and let "
        + "it rebuild from an empty log directory"
    case .rulesUnknown: "install a version of Roadbed that knows these rules, then start the node again"
    case .twoOwnKeys:
      "have the administrators remove one of the two validators from the chain; each must have a node of its own"
    case .otherThanCheckpoint:
      "compare `chain.checkpoint` with what the other operators see (`roadbed validator list`): if it is right, this node "
        + "followed a forged chain; keep its directory for analysis, and set it up anew"
    case .logFailed: "free space or replace the disk, then start the node again: no command is needed"
    case .signing(let refusal): refusal.nextStep
    }
  }
}
