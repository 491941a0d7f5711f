internal import Cryptography
package import Ledger
package import LedgerJSON
internal import NodeCore
package import Primitives
internal import QueryIndex
package import Replica

// What the API asks. Everything about the ledger is as of the last final block.
extension RoadbedNode {
  /// Takes transactions in; the answers are in the same order. Accepted means: checked and waiting here.
  package func submit(_ transactions: [[UInt8]]) async -> [Result<Acceptance, SubmissionRefusal>] {
    await submissions.submit(transactions) { [loop] submissions in loop.offer(.submit(submissions)) }
  }

  /// Waits until a transaction is final, at most `milliseconds`; nil if it is not by then.
  package func waitUntilFinal(_ id: Digest, milliseconds: UInt64) async throws -> FinalizedTransaction? {
    let deadline = ContinuousClock.now + .milliseconds(Int64(milliseconds))
    // What was final before this process began is announced to nobody any more: it is looked up until the index has it.
    while isIndexCatchingUp, !finality.isClosed {
      if let known = try finalized(id) { return known }
      guard .now < deadline else { return nil }
      let end = min(deadline, .now + .milliseconds(50))
      if let known = await finality.wait(for: [id], until: end)[0] { return known }
    }
    if let known = try finalized(id) { return known }
    return await finality.wait(for: [id], until: deadline)[0]
  }

  /// Waits until all that was taken is final, at most `milliseconds`; of each, in their order, what is known by then.
  package func waitUntilFinal(
    _ taken: [Acceptance], milliseconds: UInt64
  ) async throws -> [FinalizedTransaction?] {
    let deadline = ContinuousClock.now + .milliseconds(Int64(milliseconds))
    // What waits for a block is in none yet, so only the announcement can tell of it.
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

  /// Where a final transaction is; nil if it is not final, or unknown.
  package func finalized(_ id: Digest) throws -> FinalizedTransaction? {
    if let recent = finality.recent(id) { return recent }
    guard let known = try queryIndex?.transaction(id) else { return nil }
    return FinalizedTransaction(
      id: id, height: known.place.height, index: known.place.index, outcome: known.outcome)
  }

  /// A transaction that waits here for a block.
  package func pending(_ id: Digest) async -> SignedTransaction? {
    await loop.query { replica in replica.pending(id) } ?? nil
  }

  package func replicaStatus() async throws(NodeStopping) -> ReplicaStatus {
    guard let status = await loop.query({ replica in replica.status }) else { throw NodeStopping() }
    return status
  }

  /// Lends the ledger state to `body`, on the replica's thread: it must be quick.
  package func read<Answer: Sendable>(
    _ body: @escaping @Sendable (borrowing LedgerState) -> Answer
  ) async throws(NodeStopping) -> Answer {
    guard let answer = await loop.query({ replica in replica.withLedger(body) }) else { throw NodeStopping() }
    return answer
  }

  /// The proof of a final transaction; nil if it is unknown or its proof is not complete yet. If the proof that is here is
  /// long, peers are asked for a shorter one, for a moment.
  package func receipt(_ id: Digest) async throws -> Receipt? {
    guard let place = try finalized(id), let stored = try store.block(at: place.height) else { return nil }
    let proof = try store.proof(from: place.height)
    let headers = proof.map { $0.links.count - 1 } ?? .max
    var hash = HashFunction(chain.suite)
    if headers > ProofFetcher.shortEnough,
      let shorter = await proofFetcher.proof(of: place.height, below: headers),
      shorter.result == stored.execution.result
    {
      return Receipt(
        block: stored.block, index: place.index, outcomes: stored.execution.outcomes, result: shorter.result,
        descendants: shorter.descendants, certificate: shorter.certificate, hash: &hash)
    }
    guard let proof else { return nil }
    return Receipt(
      block: stored.block, index: place.index, outcomes: stored.execution.outcomes, result: stored.execution.result,
      descendants: proof.links.dropFirst().map(\.header), certificate: proof.finalization, hash: &hash)
  }

  /// Why the node is not well; empty when it is.
  package var complaints: [ErrorDetail] {
    health.complaints(Clock.tick()) + (index.failure.map { [ErrorDetail($0)] } ?? [])
  }

  /// The reason for which the node stopped voting.
  package var stopped: StopReason? { health.stopped }

  package var uptimeMilliseconds: UInt64 { Clock.tick().microseconds(since: started) / 1000 }

  package var time: Timestamp { Clock.wall() }

  /// Brings the gauges up to date that are not counted as things happen.
  package func refreshGauges() {
    counters.refresh(network: links.statistics, log: disk.statistics, checkedSignatures: checkedSignatures)
  }
}
