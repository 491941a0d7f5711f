internal import Cryptography
internal import Ledger
internal import Primitives

// The checks of transactions' signatures, and what becomes of a transaction afterwards.
extension Admission {
  /// Transactions that are verified again, by the peer that sent them; nil for clients.
  private typealias Rechecks = [(peer: PeerID?, incoming: [IncomingTransaction])]

  mutating func verify(_ incoming: [IncomingTransaction], from peer: PeerID?, _ context: inout StepContext) {
    guard !incoming.isEmpty else { return }
    var items: [VerificationItem] = []
    for entry in incoming { entry.transaction.view.appendSignatures(context.chain, to: &items) }
    context.verify(items, for: .transactions(incoming, from: peer))
  }

  /// Completes the verification of the signatures of submitted or offered transactions. What a peer offered may not
  /// have been verified to its end; what was not is taken as if that peer had not sent it.
  mutating func finish(
    _ incoming: [IncomingTransaction], _ results: [Bool], from peer: PeerID?, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) {
    var fresh: [[UInt8]] = []
    var rechecks: Rechecks = []
    var next = 0
    for entry in incoming {
      let transaction = entry.transaction
      let firstBad = (0..<transaction.layout.verificationCount).first { !results[next + $0] }
      next += transaction.layout.verificationCount
      release(transaction, of: peer)
      var known = removePending(transaction)
      if firstBad != nil, peer != nil {
        if let known { recheck(known, transaction, &rechecks) }
        continue
      }
      let tokens = (entry.token.map { [$0] } ?? []) + (known?.tokens ?? [])
      var answer: Result<Acceptance, SubmissionRefusal> = .success(Acceptance(id: transaction.id))
      if let firstBad {
        answer = .failure(SubmissionRefusal(of: transaction, invalid: firstBad))
        known?.tokens = []
        if let known { recheck(known, transaction, &rechecks) }
      } else {
        for other in known?.others ?? [] { release(other.transaction, of: other.peer) }
        if !chain.ledger.settledContains(transaction.id) {
          do throws(Mempool.Refusal) {
            let isIncluded = chain.ledger.contains(transaction.id)
            let isNew = try mempool.add(transaction, included: isIncluded, now: context.now.tick)
            if isNew, peer == nil || !tokens.isEmpty { fresh.append(transaction.bytes) }
          } catch {
            answer = .failure(.pool(error))
          }
        }
      }
      for token in tokens { context.answer(token, answer) }
    }
    if let peer, !results.allSatisfy({ $0 }) {
      context.blame(
        peer, "transaction.bad-signature",
        "offered \(incoming.count) transactions, of which one at least has an invalid signature")
    }
    verify(rechecks, &context)
    offer(fresh, &context)
  }

  /// Ends a check without a result, because the peer has sent an invalid signature elsewhere.
  mutating func giveUp(_ incoming: [IncomingTransaction], from peer: PeerID, _ context: inout StepContext) {
    var rechecks: Rechecks = []
    for entry in incoming {
      release(entry.transaction, of: peer)
      if let known = removePending(entry.transaction) { recheck(known, entry.transaction, &rechecks) }
    }
    verify(rechecks, &context)
  }

  private mutating func removePending(_ transaction: borrowing SignedTransaction) -> PendingTransaction? {
    guard let index = pending.index(forKey: transaction.id), pending.values[index].bytes == transaction.bytes else {
      return nil
    }
    return pending.remove(at: index).value
  }

  /// Has a transaction verified for those who still wait for it: for clients that sent the same bytes, or else as the
  /// next peer sent it.
  private mutating func recheck(
    _ known: PendingTransaction, _ transaction: SignedTransaction, _ rechecks: inout Rechecks
  ) {
    var known = known
    var next = (peer: PeerID?.none, transaction: transaction)
    if known.tokens.isEmpty {
      guard !known.others.isEmpty else { return }
      // It counts as the peer's already.
      next = known.others.removeFirst()
    } else {
      take(transaction, of: nil)
    }
    known.bytes = next.transaction.bytes
    known.peer = next.peer
    pending[next.transaction.id] = known
    let entry = IncomingTransaction(transaction: next.transaction)
    if let index = rechecks.firstIndex(where: { $0.peer == next.peer }) {
      rechecks[index].incoming.append(entry)
    } else {
      rechecks.append((next.peer, [entry]))
    }
  }

  private mutating func verify(_ rechecks: Rechecks, _ context: inout StepContext) {
    for (peer, incoming) in rechecks {
      for entry in incoming { pending[entry.transaction.id]?.ticket = context.tickets.next }
      verify(incoming, from: peer, &context)
    }
  }

  // MARK: What waits for a check

  /// Counts a transaction that waits to be verified, for the peer that offered it.
  mutating func take(_ transaction: borrowing SignedTransaction, of peer: PeerID?) {
    let size = transaction.bytes.count
    incomingCount += 1
    incomingBytes += size
    guard let peer else { return }
    offered[peer, default: Share()].count += 1
    offered[peer, default: Share()].bytes += size
  }

  private mutating func release(_ transaction: borrowing SignedTransaction, of peer: PeerID?) {
    let size = transaction.bytes.count
    incomingCount -= 1
    incomingBytes -= size
    guard let peer, var share = offered[peer] else { return }
    share.count -= 1
    share.bytes -= size
    offered[peer] = share.count == 0 ? nil : share
  }
}
