internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Replica

/// The shell of a replica that runs on its own thread. Called on that thread.
protocol LoopShell: NodeShell {
  /// Checks signatures immediately, on the loop's thread.
  func verifyHere(_ request: VerificationRequest, _ verifier: inout SignatureVerifier) -> [Bool]
  /// Lets readers continue with the state that the replica has installed.
  func show(_ view: Handover<LedgerView>)
  /// Reports that the mailbox has room again after it was nearly full.
  func drained()
}
