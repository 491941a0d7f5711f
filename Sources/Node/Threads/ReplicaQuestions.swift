internal import Ledger
internal import Primitives
internal import Replica
internal import Synchronization

/// Everything that requests may ask the replica's own thread. Each answer takes a bounded time: a proof follows one path
/// of the state's map, the others need no search. A bounded number waits, and however many do, they are one item in the
/// loop's queue.
final class ReplicaQuestions: Sendable {
  private typealias Asker<Answer: Sendable> = CheckedContinuation<Result<Answer, any Error>, Never>

  private struct Waiting: Sendable {
    var status: [Asker<ReplicaStatus>] = []
    var pending: [(id: Digest, asker: Asker<SignedTransaction?>)] = []
    var shares: [Asker<Mempool.LargestShare?>] = []
    var proofs: [(key: StateKey, asker: Asker<TipProof>)] = []

    var count: Int { status.count + pending.count + shares.count + proofs.count }
  }

  /// The number of questions that may wait.
  static let limit = 256

  private let waiting = Mutex(Waiting())

  /// The number of questions that wait.
  var count: Int { waiting.withLock(\.count) }

  /// - Parameter post: makes the loop call `answer`; false if it is closed. Called if no other question waits.
  func status(_ post: @Sendable () -> Bool) async throws -> ReplicaStatus {
    try await withCheckedContinuation { asker in ask(post, asker) { $0.status.append(asker) } }.get()
  }

  /// Nil if the pool is empty. For the node's own diagnosis: the answer takes longer than others.
  func largestShare(_ post: @Sendable () -> Bool) async throws -> Mempool.LargestShare? {
    try await withCheckedContinuation { asker in ask(post, asker) { $0.shares.append(asker) } }.get()
  }

  /// The transaction with this id if it waits in the pool.
  func pending(_ id: Digest, _ post: @Sendable () -> Bool) async throws -> SignedTransaction? {
    try await withCheckedContinuation { asker in ask(post, asker) { $0.pending.append((id, asker)) } }.get()
  }

  /// What the newest executed block leaves under `key`, with its proof.
  func prove(_ key: StateKey, _ post: @Sendable () -> Bool) async throws -> TipProof {
    try await withCheckedContinuation { asker in ask(post, asker) { $0.proofs.append((key, asker)) } }.get()
  }

  private func ask<Answer>(
    _ post: () -> Bool, _ asker: Asker<Answer>, _ add: (inout Waiting) -> Void
  ) {
    let before = waiting.withLock { waiting in
      let count = waiting.count
      if count < Self.limit { add(&waiting) }
      return count
    }
    if before >= Self.limit { return asker.resume(returning: .failure(NodeBusy(limit: Self.limit))) }
    if before == 0, !post() { close() }
  }

  /// Answers what waits. Called on the replica's thread, which wakes one task and no more.
  func answer(_ replica: borrowing Replica) {
    let asked = take()
    let status = asked.status.isEmpty ? nil : replica.status
    let share = asked.shares.isEmpty ? nil : replica.largestShare
    let found = asked.pending.map { replica.pending($0.id) }
    let proofs = replica.withLedger { ledger in
      asked.proofs.map { TipProof(point: ledger.tip, proof: ledger.prove($0.key)) }
    }
    Task {
      if let status { for asker in asked.status { asker.resume(returning: .success(status)) } }
      for asker in asked.shares { asker.resume(returning: .success(share)) }
      for (question, answer) in zip(asked.pending, found) { question.asker.resume(returning: .success(answer)) }
      for (question, answer) in zip(asked.proofs, proofs) { question.asker.resume(returning: .success(answer)) }
    }
  }

  /// Refuses what waits, because the loop is closed.
  func close() {
    let asked = take()
    for asker in asked.status { asker.resume(returning: .failure(NodeStopping())) }
    for asker in asked.shares { asker.resume(returning: .failure(NodeStopping())) }
    for question in asked.pending { question.asker.resume(returning: .failure(NodeStopping())) }
    for question in asked.proofs { question.asker.resume(returning: .failure(NodeStopping())) }
  }

  private func take() -> Waiting {
    waiting.withLock { waiting in
      defer { waiting = Waiting() }
      return waiting
    }
  }
}
