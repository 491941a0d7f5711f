internal import Cryptography
internal import NodeCore
internal import Replica

/// The shell of a replica that a thread of its own drives. Called on that thread.
protocol LoopShell: NodeShell {
  /// Answers at once, on the loop's thread.
  func verifyHere(_ request: VerificationRequest, _ verifier: inout SignatureVerifier) -> [Bool]
  /// The mailbox has room again after it refused something.
  func drained()
}
