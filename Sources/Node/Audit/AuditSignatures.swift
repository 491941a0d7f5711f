internal import Cryptography
internal import Dispatch
internal import Ledger
internal import Primitives
internal import Synchronization

/// Checks the signatures of an audit on separate threads, while the audit reads on.
final class AuditSignatures: Sendable {
  private struct Job: Sendable {
    var items: [VerificationItem]
    var position: LogPosition
    var height: Height
    /// The certificate or transactions that the items belong to, for the error.
    var subject: Subject
  }

  private enum Subject: Sendable {
    case certificate(View, [ValidatorIndex])
    /// For each item, the id of its transaction.
    case transactions([Digest])
  }

  /// The maximum number of blocks and certificates that wait, so that reading does not run far ahead.
  private static let waiting = 128

  private let chain: ChainContext
  private let jobs = Mailbox<Job>(limit: .max)
  private let room = DispatchSemaphore(value: waiting)
  private let fault = Mutex<AuditFault?>(nil)
  private let threads = Mutex<[WorkerThread]>([])

  init(_ chain: ChainContext, threads count: Int) {
    self.chain = chain
    threads.withLock { threads in
      threads = (0..<max(1, count)).map { index in
        WorkerThread("audit-\(index)") { [self] in work() }
      }
    }
  }

  var firstFault: AuditFault? { fault.withLock { $0 } }
  var hasFault: Bool { firstFault != nil }

  /// Queues the signatures of a certificate that a quorum of `validators` signed.
  func check(_ certificate: Certificate, of validators: ValidatorSet, position: LogPosition, height: Height) {
    let message = certificate.statement.signedBytes(chain)
    let items = zip(certificate.signers, certificate.signatures).map { signer, signature in
      VerificationItem(message: message, key: validators.voteKey(of: signer), signature: signature)
    }
    put(
      Job(
        items: items, position: position, height: height,
        subject: .certificate(certificate.view, certificate.signers)))
  }

  /// Queues the signatures of the transactions of a block.
  func check(_ block: Block, position: LogPosition) {
    var items: [VerificationItem] = []
    var ids: [Digest] = []
    items.reserveCapacity(block.count)
    ids.reserveCapacity(block.count)
    for index in 0..<block.count {
      let transaction = block.transaction(at: index)
      transaction.appendSignatures(chain, to: &items)
      ids += repeatElement(transaction.id, count: items.count - ids.count)
    }
    put(Job(items: items, position: position, height: block.height, subject: .transactions(ids)))
  }

  /// Waits until everything queued is checked, then ends the threads.
  func stop() {
    jobs.close()
    for thread in threads.withLock({ $0 }) { thread.join() }
    threads.withLock { $0 = [] }
  }

  private func put(_ job: Job) {
    room.wait()
    jobs.force(job)
  }

  private func work() {
    var verifier = SignatureVerifier(chain.suite)
    while let job = jobs.takeOne() {
      if let wrong = verifier.verify(batch: job.items).firstIndex(of: false) { note(wrong, job) }
      room.signal()
    }
  }

  private func note(_ wrong: Int, _ job: Job) {
    let found =
      switch job.subject {
      case .certificate(let view, let signers):
        AuditFault(
          code: "audit.certificate-signature",
          explanation: "the signature of validator \(signers[wrong]) on the certificate of view \(view) is invalid",
          position: job.position, height: job.height)
      case .transactions(let ids):
        AuditFault(
          code: "audit.transaction-signature",
          explanation: "a signature on transaction \(ids[wrong]) of block \(job.height) is invalid",
          position: job.position, height: job.height)
      }
    fault.withLock { fault in
      // One record may commit several blocks, so faults at the same position are ordered by height.
      guard let known = fault else { return fault = found }
      if (found.position, found.height) < (known.position, known.height) { fault = found }
    }
  }
}
