internal import Cryptography
internal import Ledger
internal import Primitives

/// Accepts transactions from clients and peers: decodes them, checks them against the state, has their signatures
/// verified, keeps them until they are final or expired, and passes them on.
///
/// It is bounded by the pool's limits, which also count the transactions that are still being verified (attack N3).
struct Admission {
  private struct Share {
    var count = 0
    var bytes = 0
  }

  private var mempool: Mempool
  private let bounds: Mempool.Bounds
  /// The number and bytes of transactions whose signatures are being verified; they count as if they were in the pool.
  private var incomingCount = 0
  private var incomingBytes = 0
  /// The part of these that each peer offered.
  private var offered: [PeerID: Share] = [:]
  private var pending: [Digest: PendingTransaction] = [:]
  private var nextOffer: Tick
  private var hadWork = false

  init(bounds: Mempool.Bounds, nextOffer: Tick) {
    self.bounds = bounds
    self.nextOffer = nextOffer
    mempool = Mempool(bounds: bounds)
  }

  var count: Int { mempool.count }
  var bytes: Int { mempool.bytes }
  /// The number of transactions that no block of the current branch contains yet.
  var waiting: Int { mempool.waiting }

  func transaction(_ id: Digest) -> SignedTransaction? { mempool.transaction(id) }

  /// When waiting transactions are offered again.
  var nextDeadline: Tick? { mempool.count > 0 ? nextOffer : nil }

  /// Whether there is something to propose; nil if that has not changed since the last call.
  mutating func workChange() -> Bool? {
    let hasWork = mempool.waiting > 0
    guard hasWork != hadWork else { return nil }
    hadWork = hasWork
    return hasWork
  }

  // MARK: Accepting transactions

  /// Handles transactions of clients. Each is answered, either now or when its signatures have been verified.
  mutating func submit(
    _ submissions: [Submission], _ chain: borrowing Chain, stopped: StopReason?, _ context: inout StepContext
  ) {
    var incoming: [IncomingTransaction] = []
    for submission in submissions {
      let token = submission.token
      if let stopped {
        context.answer(token, .failure(.notTaking(stopped)))
        continue
      }
      do throws(TransactionError) {
        let transaction = try SignedTransaction(
          bytes: submission.bytes, chain: context.chain, hash: &context.hash)
        let id = transaction.id
        if mempool.contains(id) {
          context.answer(token, .success(Acceptance(id: id)))
        } else if chain.ledger.settledContains(id) {
          context.answer(token, .success(Acceptance(id: id, isFinal: true)))
        } else if let known = pending[id], known.bytes == transaction.bytes {
          pending[id]?.tokens.append(token)
        } else if let refusal = submissionRefusal(of: transaction, chain, context.now) {
          context.answer(token, .failure(refusal))
        } else if pending[id] != nil {
          incoming.append(IncomingTransaction(transaction: transaction, token: token))
        } else {
          pending[id] = PendingTransaction(
            bytes: transaction.bytes, ticket: context.tickets.next, tokens: [token])
          incoming.append(IncomingTransaction(transaction: transaction))
        }
      } catch {
        context.answer(token, .failure(.malformed(error)))
      }
    }
    verify(incoming, from: nil, &context)
  }

  /// Handles transactions that a peer offers. The peer's state may be ahead of or behind this node's, so inadmissible
  /// transactions are dropped without blame; for transactions that cannot be decoded the peer is blamed.
  mutating func receive(
    _ transactions: [[UInt8]], from peer: PeerID, _ chain: borrowing Chain, _ context: inout StepContext
  ) {
    var incoming: [IncomingTransaction] = []
    var share = offered[peer, default: Share()]
    for bytes in transactions where hasRoom(share) {
      do throws(TransactionError) {
        let transaction = try SignedTransaction(bytes: bytes, chain: context.chain, hash: &context.hash)
        guard !mempool.contains(transaction.id), pending[transaction.id] == nil,
          refusal(of: transaction, chain, context.now) == nil
        else { continue }
        pending[transaction.id] = PendingTransaction(bytes: bytes, ticket: context.tickets.next, tokens: [])
        incoming.append(IncomingTransaction(transaction: transaction))
        share.count += 1
        share.bytes += bytes.count
      } catch {
        context.blame(peer, error)
        break
      }
    }
    if share.count > 0 { offered[peer] = share }
    verify(incoming, from: peer, &context)
  }

  /// Whether a peer may have more transactions verified. Otherwise one peer with invalid ones could fill the pool.
  private func hasRoom(_ share: Share) -> Bool {
    share.count < max(1, bounds.transactions / Limits.mempoolPeerShare)
      && share.bytes < bounds.bytes / Limits.mempoolPeerShare
  }

  private func refusal(
    of transaction: borrowing SignedTransaction, _ chain: borrowing Chain, _ now: Now
  ) -> SubmissionRefusal? {
    if let fault = chain.ledger.admissionFault(copy transaction, now: now.wall) { return .inadmissible(fault) }
    return poolRefusal(of: transaction).map { .pool($0) }
  }

  /// Whether the pool refuses the transaction, if those that are still being verified are counted as well.
  private func poolRefusal(of transaction: borrowing SignedTransaction) -> Mempool.Refusal? {
    let size = transaction.bytes.count
    guard mempool.count + incomingCount < bounds.transactions, mempool.bytes + incomingBytes + size <= bounds.bytes
    else { return .full(transactions: mempool.count + incomingCount, bytes: mempool.bytes + incomingBytes) }
    return mempool.refusal(member: transaction.sponsor, size: size)
  }

  /// Whether a client's transaction is refused. One that is in a block that is not final yet is accepted like any
  /// other, because that block may be given up; when a peer offers such a transaction, it is dropped, because the peer
  /// keeps it.
  private func submissionRefusal(
    of transaction: borrowing SignedTransaction, _ chain: borrowing Chain, _ now: Now
  ) -> SubmissionRefusal? {
    guard let refusal = refusal(of: transaction, chain, now) else { return nil }
    guard case .inadmissible(.alreadyApplied) = refusal else { return refusal }
    return poolRefusal(of: transaction).map { .pool($0) }
  }

  private mutating func verify(
    _ incoming: [IncomingTransaction], from peer: PeerID?, _ context: inout StepContext
  ) {
    guard !incoming.isEmpty else { return }
    var items: [VerificationItem] = []
    for entry in incoming {
      context.appendItems(of: entry.transaction, to: &items)
      incomingCount += 1
      incomingBytes += entry.transaction.bytes.count
    }
    context.verify(items, for: .transactions(incoming, from: peer))
  }

  /// Completes the verification of the signatures of submitted or offered transactions.
  mutating func finish(
    _ incoming: [IncomingTransaction], _ results: [Bool], from peer: PeerID?, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) {
    var fresh: [[UInt8]] = []
    var next = 0
    for entry in incoming {
      let transaction = entry.transaction
      incomingCount -= 1
      incomingBytes -= transaction.bytes.count
      if let peer { release(transaction, of: peer) }
      let firstBad = (0..<transaction.layout.signatureCount).first { !results[next + $0] }
      next += transaction.layout.signatureCount
      var tokens = entry.token.map { [$0] } ?? []
      if let index = pending.index(forKey: transaction.id), pending.values[index].bytes == transaction.bytes {
        tokens += pending.remove(at: index).value.tokens
      }
      var answer: Result<Acceptance, SubmissionRefusal> = .success(Acceptance(id: transaction.id))
      if let firstBad {
        answer = .failure(.badSignature(member: transaction.signatures[firstBad].member))
        if let peer {
          context.blame(
            peer, "transaction.bad-signature",
            "offered transaction \(transaction.id.short) with an invalid signature")
        }
      } else if !chain.ledger.settledContains(transaction.id) {
        do throws(Mempool.Refusal) {
          let isIncluded = chain.ledger.contains(transaction.id)
          let isNew = try mempool.add(transaction, included: isIncluded, now: context.now.tick)
          if isNew, peer == nil || !tokens.isEmpty { fresh.append(transaction.bytes) }
        } catch {
          answer = .failure(.pool(error))
        }
      }
      for token in tokens { context.answer(token, answer) }
    }
    offer(fresh, &context)
  }

  private mutating func release(_ transaction: borrowing SignedTransaction, of peer: PeerID) {
    guard var share = offered[peer] else { return }
    share.count -= 1
    share.bytes -= transaction.bytes.count
    offered[peer] = share.count == 0 ? nil : share
  }

  /// What is known about the signatures of a transaction in a block.
  func knowledge(of transaction: borrowing TransactionView) -> SignatureKnowledge {
    let id = transaction.id
    if let known = mempool.transaction(id), transaction.hasBytes(known.bytes) { return .verified }
    if let known = pending[id], transaction.hasBytes(known.bytes) { return .underCheck(known.ticket) }
    return .unknown
  }

  // MARK: Offering

  /// Sends transactions to every peer in as few frames as the limits allow.
  private func offer(_ transactions: [[UInt8]], _ context: inout StepContext) {
    var batch: [[UInt8]] = []
    var size = 0
    for transaction in transactions {
      if batch.count == Limits.offeredTransactions || (size + transaction.count > Limits.offeredBytes && !batch.isEmpty)
      {
        context.send(.transactions(batch), to: .all)
        batch.removeAll(keepingCapacity: true)
        size = 0
      }
      batch.append(transaction)
      size += transaction.count
    }
    if !batch.isEmpty { context.send(.transactions(batch), to: .all) }
  }

  /// Offers waiting transactions to a peer that was away and may have missed them, up to the limits of one frame; all
  /// peers are offered them again soon in any case.
  func offerAll(to peer: PeerID, _ context: inout StepContext) {
    var offers: [[UInt8]] = []
    var size = 0
    mempool.forEachWaiting { transaction in
      size += transaction.bytes.count
      guard offers.count < Limits.offeredTransactions, size <= Limits.offeredBytes else { return false }
      offers.append(transaction.bytes)
      return true
    }
    if !offers.isEmpty { context.send(.transactions(offers), to: .peer(peer)) }
  }

  /// Offers long-waiting transactions again, so that a single lost frame cannot leave a validator without work, and
  /// drops expired ones. Returns whether this was due.
  mutating func offerAgain(_ chain: borrowing Chain, _ context: inout StepContext) -> Bool {
    guard mempool.count > 0, nextOffer <= context.now.tick else { return false }
    let interval = context.configuration.offerInterval
    nextOffer = context.tick(in: interval)
    let expired = mempool.removeExpired(at: context.now.wall)
    if !expired.isEmpty { context.notice(.dropped(expired)) }
    let offers = mempool.nextOffers(
      now: context.now.tick, interval: interval, limit: Limits.offeredTransactions, byteLimit: Limits.offeredBytes)
    // Otherwise a node that alone holds a transaction that can never enter a block would have work for as long as the
    // transaction is valid, but might never lead a view in which it finds this out.
    var hopeless: [Digest] = []
    var sound: [[UInt8]] = []
    let isFinal = chain.tip == chain.committed.block
    for transaction in offers {
      if isFinal, let fault = chain.ledger.admissionFault(transaction, now: context.now.wall), fault.isLasting {
        hopeless.append(transaction.id)
      } else {
        sound.append(transaction.bytes)
      }
    }
    drop(hopeless, &context)
    if !sound.isEmpty { context.send(.transactions(sound), to: .all) }
    return true
  }

  private mutating func drop(_ hopeless: [Digest], _ context: inout StepContext) {
    for id in hopeless { mempool.remove(id) }
    if !hopeless.isEmpty { context.notice(.dropped(hopeless)) }
  }

  // MARK: Blocks

  /// Selects waiting transactions that may enter a block on the current state, oldest first, within a block's limits.
  /// Those that cannot, at most as many as a block may have, are dropped if a final state rules them out. If the state is
  /// not final, they are set aside until it is, so that the next block does not meet them again.
  mutating func select(
    at time: Timestamp, _ chain: borrowing Chain, _ context: inout StepContext
  ) -> [SignedTransaction] {
    var chosen: [SignedTransaction] = []
    var hopeless: [Digest] = []
    var budget = BlockBudget()
    var faulty = 0
    // Blocks that are not final may be reverted; only a final state justifies dropping a transaction for good.
    let isFinal = chain.tip == chain.committed.block
    mempool.forEachWaiting { transaction in
      if let fault = chain.ledger.fault(of: transaction.view, at: time) {
        if fault.isLasting { hopeless.append(transaction.id) }
        faulty += 1
        return faulty < Limits.blockTransactions
      }
      guard budget.take(transaction) else { return false }
      chosen.append(transaction)
      return true
    }
    if isFinal {
      drop(hopeless, &context)
    } else {
      for id in hopeless { mempool.setAside(id, at: chain.ledger.tip.height) }
    }
    return chosen
  }

  /// Marks the transactions in blocks of the current branch, and removes those that are final, or that a block ruled
  /// out that is final now.
  mutating func apply(_ changes: borrowing Chain.Changes, _ chain: borrowing Chain, _ context: inout StepContext) {
    if !changes.excluded.isEmpty { mempool.putAllBack() }
    for id in changes.excluded { mempool.setIncluded(id, false) }
    for id in changes.included { mempool.setIncluded(id, true) }
    for commit in changes.commits {
      for id in commit.block.ids { mempool.remove(id) }
    }
    guard let last = changes.commits.last?.height else { return }
    let time = max(context.now.wall, chain.ledger.tip.timestamp.advanced(byMilliseconds: 1))
    let gone = mempool.decideAside(through: last) { transaction in
      chain.ledger.fault(of: transaction.view, at: time)?.isLasting ?? false
    }
    if !gone.isEmpty { context.notice(.dropped(gone)) }
  }

  /// Adapts the pool to another state of the chain: transactions that are final there leave, the others wait again.
  mutating func rebase(_ chain: borrowing Chain) {
    mempool.rebase { chain.ledger.settledContains($0) }
  }

  func checkInvariants() {
    mempool.checkInvariants()
    precondition(incomingCount >= 0 && incomingBytes >= 0, "more checks of transactions ended than began")
    let count = offered.values.reduce(0) { $0 + $1.count }
    precondition(count <= incomingCount, "peers offered \(count) of \(incomingCount) transactions")
    precondition(pending.count <= incomingCount, "\(pending.count) transactions wait for \(incomingCount) checks")
  }
}
