internal import Cryptography
package import Ledger
package import LedgerJSON
internal import NodeCore
package import Primitives
internal import QueryIndex
package import Replica

// The queries of the API. Answers about the ledger reflect the last committed block.
extension RoadbedNode {
  /// The maximum number of transactions that calls wait for at the same time.
  package static var waitLimit: Int { FinalityWaiters.waiterLimit }

  /// Submits encoded transactions; the answers are in the same order. An accepted transaction is checked and waits
  /// here, or is final already.
  package func submit(_ transactions: [[UInt8]]) async -> [Result<Acceptance, SubmissionRefusal>] {
    await submissions.submit(transactions) { [loop] submissions in loop.offer(.submit(submissions)) }
  }

  /// Waits until a transaction is final, at most `milliseconds`; nil if it is not by then.
  package func waitUntilFinal(_ id: Digest, milliseconds: UInt64) async throws -> FinalizedTransaction? {
    let deadline = ContinuousClock.now + .milliseconds(Int64(milliseconds))
    // Transactions that became final before this process began are not announced again, so look them up until the index
    // has them.
    while isIndexCatchingUp, !finality.isClosed {
      if let known = try finalized(id) { return known }
      guard .now < deadline else { return nil }
      let end = min(deadline, .now + .milliseconds(50))
      if let known = await finality.wait(for: [id], until: end)[0] { return known }
    }
    if let known = try finalized(id) { return known }
    return await finality.wait(for: [id], until: deadline)[0]
  }

  /// Waits until all accepted transactions are final, at most `milliseconds`. The answers are in the same order; those
  /// not final by then are nil.
  package func waitUntilFinal(
    _ taken: [Acceptance], milliseconds: UInt64
  ) async throws -> [FinalizedTransaction?] {
    let deadline = ContinuousClock.now + .milliseconds(Int64(milliseconds))
    // A transaction that waits for a block is in none yet, so only the announcement can report it.
    let fresh = taken.indices.filter { !taken[$0].isFinal }
    var found = [FinalizedTransaction?](repeating: nil, count: taken.count)
    for (index, known) in zip(fresh, await finality.wait(for: fresh.map { taken[$0].id }, until: deadline)) {
      found[index] = known
    }
    for index in taken.indices where taken[index].isFinal {
      found[index] = try await waitUntilFinal(taken[index].id, milliseconds: Self.milliseconds(until: deadline))
    }
    return found
  }

  private static func milliseconds(until deadline: ContinuousClock.Instant) -> UInt64 {
    UInt64(max(.zero, deadline - .now) / .milliseconds(1))
  }

  /// The place and outcome of a final transaction; nil if it is not final, or not known here.
  package func finalized(_ id: Digest) throws -> FinalizedTransaction? {
    if let recent = finality.recent(id) { return recent }
    guard let known = try queryIndex?.transaction(id) else { return nil }
    return FinalizedTransaction(
      id: id, height: known.place.height, index: known.place.index, outcome: known.outcome)
  }

  /// The transaction with this id if it waits here for a block.
  package func pending(_ id: Digest) async throws -> SignedTransaction? { try await loop.pending(id) }

  /// What a transaction, whose signatures have been verified, would do above the newest executed block. Executes it on the
  /// replica's thread and takes that back.
  package func preview(_ draft: TransactionDraft) async throws -> TransactionPreview { try await loop.preview(draft) }

  package func replicaStatus() async throws -> ReplicaStatus { try await loop.status() }

  /// Whether the node votes in the running epoch.
  package var isVoting: Bool { keys.isVoting }

  /// What the running epoch says of the node's key.
  package var role: NodeRole { isVoting ? .validator : .observer }

  /// Whether the node has the blocks that its peers say they have.
  package var isLevel: Bool { health.note { $0.isLevel(Clock.tick()) } }

  /// Whether the node votes, and nothing keeps it from doing so.
  package var mayVote: Bool { isVoting && health.note(\.mayVote) }

  /// The key that the chain can name next for this node, with the proof that the node has it; nil if none is ready.
  /// - Parameter name: the node's name in the chain's directory.
  package func offeredKey(_ name: Name) async throws -> KeyProof? {
    try keys.offer(name, try await read { $0.configuration })
  }

  /// Reads from the state after the last final block, or a later one. `body` must be bounded: it runs on the thread that
  /// all reads share. The thread of the replica takes no part.
  package func read<Answer: Sendable>(
    _ body: @escaping @Sendable (borrowing LedgerView) -> Answer
  ) async throws -> Answer {
    try await reader.read(body)
  }

  /// The receipt of a final transaction; nil if the transaction is unknown or its proof is not complete yet.
  package func receipt(_ id: Digest) async throws -> Receipt? {
    guard let place = try finalized(id), let stored = try store.block(at: place.height) else { return nil }
    let result = stored.execution.result
    guard let proof = try await certifiedBlock(at: place.height, where: { $0 == result }),
      let closings = closings(to: proof)
    else { return nil }
    var hash = HashFunction(chain.suite)
    return Receipt(
      block: stored.block, index: place.index, outcomes: stored.execution.outcomes, result: result,
      descendants: proof.descendants, certificate: proof.certificate, closings: closings, hash: &hash)
  }

  /// Everything that there is to say about the node and its chain, the worst first. It is healthy if nothing is critical.
  package var findings: [Finding] { health.findings(index: index.failure) }

  /// The peers that recently sent something that a correct node never sends.
  package var misbehaving: [MisbehavingPeer] { health.misbehaving() }

  /// Why the node stopped voting; nil if it has not.
  package var stopped: StopReason? { health.stopped }

  package var uptimeMilliseconds: UInt64 { Clock.tick().microseconds(since: started) / 1000 }

  package var time: Timestamp { Clock.wall() }

  /// Updates the gauges that are read on demand instead of being counted as events occur.
  package func refreshGauges() {
    counters.refresh(network: links.statistics, log: disk.statistics, checkedSignatures: checkedSignatures)
    counters.refresh(findings: findings)
  }
}
