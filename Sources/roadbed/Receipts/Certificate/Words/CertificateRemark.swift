import Ledger
import Primitives

/// Everything that a certificate page says in sentences, apart from operations and outcomes.
enum CertificateRemark {
  // Before the sections.
  case final(chain: Name, isApplied: Bool)
  case quorum(signed: Int, validators: Int, epoch: Epoch, faults: Int)

  // Operations and signatures.
  case operations(Int)
  /// The first `limit` of `count` operations are listed, and the failed one, if that is none of them.
  case listedOperations(limit: Int, count: Int, failed: Int?, transaction: Digest)
  case smallestUnits
  case signatures

  // The place in the chain.
  case clock(seconds: UInt64)

  // Who confirmed it.
  case votes(signed: Int, validators: Int, quorum: Int)
  case exactQuorum
  /// They signed a block that lies above that of the transaction.
  case confirmedAbove(height: Height, blocks: Int)
  case firstEpoch
  case epochs
  /// Without a number of signatures, the checkpoint vouches for it.
  case passed(epoch: Epoch, height: Height, signatures: Int?)
  case listedEpochs(limit: Int, count: Int)
  case checkpointUsed(Checkpoint, unusedClosings: Int)
  case olderThanCheckpoint(Checkpoint)

  // How to verify.
  case offline
  case programs
  case firstProgram
  /// `folder` is where the second program is, in the folder `source` of the source code.
  case secondProgram(source: String, folder: String)
  case programsAgree
  case byHand(hash: String, signature: String, suiteByte: String)

  // About the page.
  case noProof
  case made(version: String, checkpoint: Checkpoint?)
}
