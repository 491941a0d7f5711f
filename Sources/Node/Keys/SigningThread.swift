internal import NodeCore
internal import Primitives
internal import Replica

/// The thread on which a node asks for signatures of a key that is elsewhere, while its log is written.
final class SigningThread: Sendable {
  private let requests = Mailbox<SigningRequest>(limit: .max)

  func put(_ request: SigningRequest) { requests.force(request) }

  /// Starts the thread.
  /// - Parameters:
  ///   - post: gives the replica an input.
  ///   - missed: is called when a vote was not signed because the signer is away, once the replica has been told.
  func start(
    _ signer: GuardedSigner, _ post: @escaping @Sendable (ReplicaInput) -> Void, missed: @escaping @Sendable () -> Void
  ) -> WorkerThread {
    WorkerThread("signing", end: { [requests] in requests.close() }) { [requests] in
      var attempts = SigningAttempts()
      // At the end nobody takes the answers any more.
      while let request = requests.takeOne(), !requests.isClosed {
        let answer = attempts.answer(request) { (statement, key) throws(SigningRefusal) in
          try signer.sign(statement, with: key)
        }
        post(.signed(request, answer))
        if case .failure(.away) = answer { missed() }
      }
    }
  }
}
