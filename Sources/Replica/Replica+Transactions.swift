internal import Cryptography
internal import Ledger
internal import Primitives

// Admission: decode, check against the state, have the signatures checked, take into the pool, pass on.
extension Replica {
  mutating func submit(_ submissions: [Submission], _ now: Now, _ effects: inout ReplicaEffects) {
    var incoming: [IncomingTransaction] = []
    for submission in submissions {
      func answer(_ result: Result<Acceptance, SubmissionRefusal>) {
        effects.answers.append(SubmissionAnswer(token: submission.token, answer: result))
      }
      if let stopped {
        answer(.failure(.notTaking(stopped)))
        continue
      }
      do throws(TransactionError) {
        let transaction = try SignedTransaction(
          bytes: submission.bytes, chain: configuration.chain, hash: &hash)
        let id = transaction.id
        if mempool.contains(id) {
          answer(.success(Acceptance(id: id)))
        } else if chain.ledger.settledContains(id) {
          answer(.success(Acceptance(id: id, isFinal: true)))
        } else if let pending = verifying[id], pending.bytes == transaction.bytes {
          verifying[id]?.tokens.append(submission.token)
        } else if let refusal = submissionRefusal(of: transaction, now) {
          answer(.failure(refusal))
        } else if verifying[id] != nil {
          incoming.append(IncomingTransaction(transaction: transaction, token: submission.token))
        } else {
          verifying[id] = PendingTransaction(
            bytes: transaction.bytes, ticket: nextTicket, tokens: [submission.token])
          incoming.append(IncomingTransaction(transaction: transaction))
        }
      } catch {
        answer(.failure(.malformed(error)))
      }
    }
    verify(incoming, from: nil, &effects)
  }

  /// Transactions that a peer offers. Its state may be ahead of or behind ours, so what is inadmissible here is
  /// dropped without blame; what cannot be decoded is not.
  mutating func offered(
    _ transactions: [[UInt8]], by peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard stopped == nil else { return }
    var incoming: [IncomingTransaction] = []
    for bytes in transactions {
      do throws(TransactionError) {
        let transaction = try SignedTransaction(bytes: bytes, chain: configuration.chain, hash: &hash)
        guard !mempool.contains(transaction.id), verifying[transaction.id] == nil,
          refusal(of: transaction, now) == nil
        else { continue }
        verifying[transaction.id] = PendingTransaction(bytes: bytes, ticket: nextTicket, tokens: [])
        incoming.append(IncomingTransaction(transaction: transaction))
      } catch {
        effects.notices.append(.misbehaved(peer, code: error.code, explanation: error.explanation))
        break
      }
    }
    verify(incoming, from: peer, &effects)
  }

  private func refusal(of transaction: borrowing SignedTransaction, _ now: Now) -> SubmissionRefusal? {
    if let fault = chain.ledger.admissionFault(transaction, now: now.wall) { return .inadmissible(fault) }
    return poolRefusal(of: transaction).map { .pool($0) }
  }

  /// The pool's answer, with what is still being checked counted in.
  private func poolRefusal(of transaction: borrowing SignedTransaction) -> Mempool.Refusal? {
    let size = transaction.bytes.count
    guard mempool.count + incomingCount < configuration.pool.transactions,
      mempool.bytes + incomingBytes + size <= configuration.pool.bytes
    else { return .full(transactions: mempool.count + incomingCount, bytes: mempool.bytes + incomingBytes) }
    return mempool.refusal(member: transaction.sponsor, size: size)
  }

  /// Of a client's transaction. One that is in a block not final yet is taken like any other, because that block may
  /// be given up; a peer that offers such a one keeps it itself.
  private func submissionRefusal(of transaction: borrowing SignedTransaction, _ now: Now) -> SubmissionRefusal? {
    guard let refusal = refusal(of: transaction, now) else { return nil }
    guard case .inadmissible(.alreadyApplied) = refusal else { return refusal }
    return poolRefusal(of: transaction).map { .pool($0) }
  }

  private mutating func verify(
    _ incoming: [IncomingTransaction], from peer: PeerID?, _ effects: inout ReplicaEffects
  ) {
    guard !incoming.isEmpty else { return }
    var items: [VerificationItem] = []
    for entry in incoming {
      appendItems(of: entry.transaction, to: &items)
      incomingCount += 1
      incomingBytes += entry.transaction.bytes.count
    }
    request(items, for: .transactions(incoming, from: peer), &effects)
  }

  func appendItems(of transaction: SignedTransaction, to items: inout [VerificationItem]) {
    let message = transaction.signedBytes(configuration.chain)
    for entry in transaction.signatures {
      items.append(VerificationItem(message: message, key: entry.key, signature: entry.signature))
    }
  }

  /// The ticket of the next request.
  private var nextTicket: Ticket { Ticket(number: lastTicket + 1) }

  @discardableResult
  mutating func request(
    _ items: [VerificationItem], for pending: PendingWork, _ effects: inout ReplicaEffects
  ) -> Ticket {
    let ticket = nextTicket
    lastTicket += 1
    work[ticket] = pending
    if let peer = pending.peer { checking[peer, default: 0] += 1 }
    effects.verifications.append(VerificationRequest(ticket: ticket, items: items, urgency: pending.urgency))
    return ticket
  }

  /// The signatures of submitted or offered transactions are checked.
  mutating func admit(
    _ incoming: [IncomingTransaction], _ results: [Bool], from peer: PeerID?, _ now: Now,
    _ effects: inout ReplicaEffects
  ) {
    var fresh: [[UInt8]] = []
    var next = 0
    for entry in incoming {
      let transaction = entry.transaction
      incomingCount -= 1
      incomingBytes -= transaction.bytes.count
      let firstBad = (0..<transaction.layout.signatureCount).first { !results[next + $0] }
      next += transaction.layout.signatureCount
      var tokens = entry.token.map { [$0] } ?? []
      if let index = verifying.index(forKey: transaction.id), verifying.values[index].bytes == transaction.bytes {
        tokens += verifying.remove(at: index).value.tokens
      }
      var answer: Result<Acceptance, SubmissionRefusal> = .success(Acceptance(id: transaction.id))
      if let firstBad {
        answer = .failure(.badSignature(member: transaction.signatures[firstBad].member))
        if let peer {
          effects.notices.append(
            .misbehaved(
              peer, code: "transaction.bad-signature",
              explanation: "offered transaction \(transaction.id.short) with a signature that does not hold"))
        }
      } else if !chain.ledger.settledContains(transaction.id) {
        do throws(Mempool.Refusal) {
          let isIncluded = chain.ledger.contains(transaction.id)
          let isNew = try mempool.add(transaction, included: isIncluded, now: now.tick)
          if isNew, peer == nil || !tokens.isEmpty { fresh.append(transaction.bytes) }
        } catch {
          answer = .failure(.pool(error))
        }
      }
      for token in tokens { effects.answers.append(SubmissionAnswer(token: token, answer: answer)) }
    }
    offer(fresh, &effects)
    reportWork(now, &effects)
  }

  /// Sends transactions to every peer, in as few frames as the limits allow.
  private func offer(_ transactions: [[UInt8]], _ effects: inout ReplicaEffects) {
    var batch: [[UInt8]] = []
    var size = 0
    for transaction in transactions {
      if batch.count == Limits.offeredTransactions || (size + transaction.count > Limits.offeredBytes && !batch.isEmpty)
      {
        send(.transactions(batch), to: .all, &effects)
        batch.removeAll(keepingCapacity: true)
        size = 0
      }
      batch.append(transaction)
      size += transaction.count
    }
    if !batch.isEmpty { send(.transactions(batch), to: .all, &effects) }
  }

  /// Offers what waits for long again, so that one lost frame cannot leave a validator without work, and drops
  /// what expired.
  mutating func offerAgain(_ now: Now, _ effects: inout ReplicaEffects) {
    let expired = mempool.removeExpired(at: now.wall)
    if !expired.isEmpty { effects.notices.append(.dropped(expired)) }
    let offers = mempool.takeOffers(
      now: now.tick, interval: configuration.offerInterval, limit: Limits.offeredTransactions,
      byteLimit: Limits.offeredBytes)
    let (hopeless, sound) = sort(offers, now)
    for id in hopeless { mempool.remove(id) }
    if !hopeless.isEmpty { effects.notices.append(.dropped(hopeless)) }
    if !sound.isEmpty { send(.transactions(sound), to: .all, &effects) }
    reportWork(now, &effects)
  }

  /// Parts what can never enter a block, as the final state says, from what the others would take. Else a node that
  /// is the only one to hold such a transaction would have work for as long as that is valid, and never a view in
  /// which it leads and finds out.
  private func sort(
    _ transactions: [SignedTransaction], _ now: Now
  ) -> (hopeless: [Digest], sound: [[UInt8]]) {
    var hopeless: [Digest] = []
    var sound: [[UInt8]] = []
    let isFinal = chain.tip == chain.committed.block
    for transaction in transactions {
      if isFinal, let fault = chain.ledger.admissionFault(transaction, now: now.wall), fault.isLasting {
        hopeless.append(transaction.id)
      } else {
        sound.append(transaction.bytes)
      }
    }
    return (hopeless, sound)
  }
}
