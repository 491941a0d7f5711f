internal import Cryptography
internal import Ledger
internal import Primitives

/// Accepts transactions from clients and peers: decodes them, checks them against the state, has their signatures
/// verified, keeps them until they are final or expired, and passes them on.
///
/// It is bounded by the pool's limits, which also count the transactions that are still being verified (attack N3).
struct Admission {
  struct Share {
    var count = 0
    var bytes = 0
  }

  var mempool: Mempool
  private let bounds: Mempool.Bounds
  /// The number and bytes of transactions whose signatures are being verified; they count as if they were in the pool.
  var incomingCount = 0
  var incomingBytes = 0
  /// The part of these that each peer offered.
  var offered: [PeerID: Share] = [:]
  var pending: [Digest: PendingTransaction] = [:]
  private var nextOffer: Tick
  /// What this node may still offer of its clients' transactions. After a start it is one frame, so that restarts do not
  /// add to it.
  private var offerBudget: ByteBudget
  /// When each peer was last offered transactions because of a new link.
  private var linkOffers: [PeerID: Tick] = [:]
  private var hadWork = false

  init(bounds: Mempool.Bounds, nextOffer: Tick, now: Tick) {
    self.bounds = bounds
    self.nextOffer = nextOffer
    offerBudget = ByteBudget(
      rate: Limits.offerRate, burst: Limits.offerBurst, left: Limits.offeredBytes, at: now)
    mempool = Mempool(bounds: bounds)
  }

  var count: Int { mempool.count }
  var bytes: Int { mempool.bytes }
  var largestShare: Mempool.LargestShare? { mempool.largestShare }
  /// The number of transactions that no block of the current branch contains yet.
  var waiting: Int { mempool.waiting }

  func transaction(_ id: Digest) -> SignedTransaction? { mempool.transaction(id) }

  /// When waiting transactions are offered again.
  var nextDeadline: Tick? { mempool.count > 0 ? nextOffer : nil }

  /// Whether there is something to propose; nil if that has not changed since the last call.
  /// - Parameter isReturnDue: whether the chain must return a hold, even without a transaction.
  mutating func workChange(isReturnDue: Bool) -> Bool? {
    let hasWork = mempool.waiting > 0 || isReturnDue
    guard hasWork != hadWork else { return nil }
    hadWork = hasWork
    return hasWork
  }

  /// Lets the next `workChange` tell a consensus that is new.
  mutating func forgetWork() { hadWork = false }

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
          take(transaction, of: nil)
          incoming.append(IncomingTransaction(transaction: transaction, token: token))
        } else {
          pending[id] = PendingTransaction(
            bytes: transaction.bytes, ticket: context.tickets.next, peer: nil, tokens: [token])
          take(transaction, of: nil)
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
  /// - Returns: the bytes of those that are known or inadmissible.
  @discardableResult
  mutating func receive(
    _ transactions: [[UInt8]], from peer: PeerID, _ chain: borrowing Chain, _ context: inout StepContext
  ) -> Int {
    var known = 0
    var incoming: [IncomingTransaction] = []
    for bytes in transactions where hasRoom(offered[peer, default: Share()]) {
      do throws(TransactionError) {
        let transaction = try SignedTransaction(bytes: bytes, chain: context.chain, hash: &context.hash)
        let id = transaction.id
        guard !mempool.contains(id), refusal(of: transaction, chain, context.now) == nil else {
          known += bytes.count
          continue
        }
        if let index = pending.index(forKey: id) {
          guard pending.values[index].takes(bytes, from: peer) else {
            known += bytes.count
            continue
          }
          pending.values[index].others.append((peer, transaction))
        } else {
          pending[id] = PendingTransaction(bytes: bytes, ticket: context.tickets.next, peer: peer)
          incoming.append(IncomingTransaction(transaction: transaction))
        }
        take(transaction, of: peer)
      } catch {
        context.blame(peer, error)
        break
      }
    }
    verify(incoming, from: peer, &context)
    return known
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

  /// What is known about the signatures of a transaction in a block.
  func knowledge(of transaction: borrowing TransactionView) -> SignatureKnowledge {
    let id = transaction.id
    if let known = mempool.transaction(id), transaction.hasBytes(known.bytes) { return .verified }
    if let known = pending[id], transaction.hasBytes(known.bytes) { return .underCheck(known.ticket) }
    return .unknown
  }

  // MARK: Offering

  /// Sends new transactions to every peer in as few frames as the limits allow. What is more than this node may offer
  /// now is offered later, with what waits long.
  mutating func offer(_ transactions: [[UInt8]], _ context: inout StepContext) {
    var batch: [[UInt8]] = []
    var size = 0
    for transaction in transactions {
      if batch.count == Limits.offeredTransactions || (size + transaction.count > Limits.offeredBytes && !batch.isEmpty)
      {
        guard offerBudget.take(size, at: context.now.tick) else { return }
        context.send(.transactions(batch), to: .all)
        batch.removeAll(keepingCapacity: true)
        size = 0
      }
      batch.append(transaction)
      size += transaction.count
    }
    guard !batch.isEmpty, offerBudget.take(size, at: context.now.tick) else { return }
    context.send(.transactions(batch), to: .all)
  }

  /// Offers waiting transactions to a peer that was away and may have missed them, up to the limits of one frame, and
  /// once in an interval however often it comes back; all peers are offered them again soon in any case.
  mutating func offerAll(to peer: PeerID, _ context: inout StepContext) {
    let now = context.now.tick
    if let last = linkOffers[peer], now.microseconds(since: last) < context.configuration.offerInterval { return }
    linkOffers[peer] = now
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
  @discardableResult
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
    var budget = BlockBudget(chain.ledger.parameters)
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
