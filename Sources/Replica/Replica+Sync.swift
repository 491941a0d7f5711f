internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

// Finality, catching up, and where peers stand.
extension Replica {
  /// Commits what the newest finalization covers, if its blocks are here.
  mutating func commitTarget(_ now: Now, _ effects: inout ReplicaEffects) {
    guard stopped == nil, let target = sync.target else { return }
    var changes = Chain.Changes()
    do throws(Chain.Fault) {
      try chain.commit(target, &changes)
      endCatchingUp(&effects)
    } catch {
      handle(error, now, &effects)
    }
    apply(changes, now, &effects)
  }

  private mutating func handle(_ fault: Chain.Fault, _ now: Now, _ effects: inout ReplicaEffects) {
    switch fault {
    case .missing: break  // catchUp fetches it
    case .belowCommitted: endCatchingUp(&effects)
    case .invalid(let height, let fault):
      stop(.finalizedBlockInvalid(height, explanation: fault.explanation), now, &effects)
    case .resultDiffers(let height, let own, let certified):
      stop(.resultDiffers(height, own: own, certified: certified), now, &effects)
    }
  }

  /// Everything known to be final is committed here.
  private mutating func endCatchingUp(_ effects: inout ReplicaEffects) {
    if sync.isReported || join.isUnderWay { effects.notices.append(.caughtUp(chain.committed.height)) }
    sync.reached()
    join.reset()
    // While blocks come as fast as they can be executed, snapshots of what is left behind would be wasted work.
    chain.snapshotInterval = configuration.snapshotInterval
  }

  /// Asks the next peer for finalized blocks while a finalization is not committed.
  mutating func catchUp(_ now: Now, _ effects: inout ReplicaEffects) {
    guard let target = sync.target, let from = chain.committed.height.next else { return }
    chain.snapshotInterval = 0
    if fetchSnapshot(now, &effects) { return }
    guard let peer = sync.nextPeer(of: connected, now: now.tick, retry: 4 * configuration.retryInterval) else { return }
    if !sync.isReported {
      sync.isReported = true
      effects.notices.append(.catchingUp(from: from, to: target.view))
    }
    join.expect(from: peer)
    send(.fetchRange(from: from), to: .peer(peer), &effects)
  }

  mutating func takeRange(_ range: BlockRange, from peer: PeerID, _ effects: inout ReplicaEffects) {
    guard sync.take(from: peer) else { return }
    switch check(range) {
    case .success(let verified):
      guard let items = items(of: range.finalization, from: peer, &effects) else { return sync.answered() }
      request(items, for: .range(verified, from: peer), &effects)
    case .failure(let fault):
      sync.answered()
      // A late answer to an earlier question is harmless; one that does not hang together is not.
      if fault != .notNext {
        effects.notices.append(.misbehaved(peer, code: fault.code, explanation: fault.explanation))
      }
    }
  }

  /// Checks a range's bytes and links up to the certified block (attacks S2, S5).
  private mutating func check(_ range: BlockRange) -> Result<VerifiedRange, RangeFault> {
    guard let proposal = range.finalization.statement.proposal,
      case .finalize(_, let certified) = range.finalization.statement
    else { return .failure(.notFinal) }
    var blocks: [Block] = []
    var parent = chain.committed.block
    var height = chain.committed.height
    for bytes in range.blocks {
      guard let block = try? Block(bytes: bytes, chain: configuration.chain, hash: &hash) else {
        return .failure(.malformed)
      }
      // Blocks that are committed here already are harmless at every offset (attack S3).
      if blocks.isEmpty, block.header.height <= chain.committed.height { continue }
      guard let next = height.next, block.header.height == next else {
        return .failure(blocks.isEmpty ? .notNext : .broken)
      }
      guard block.header.parent == parent else { return .failure(.broken) }
      blocks.append(block)
      parent = block.digest
      height = next
    }
    guard !blocks.isEmpty else { return .failure(.notNext) }
    var lastResult: Digest?
    for bytes in range.headers {
      guard let header = try? BlockHeader(bytes: bytes, chain: configuration.chain) else {
        return .failure(.malformed)
      }
      guard header.parent == parent else { return .failure(.broken) }
      lastResult = lastResult ?? header.parentResult
      parent = header.digest(configuration.chain, hash: &hash)
    }
    guard parent == proposal.block else { return .failure(.notFinal) }
    return .success(
      VerifiedRange(
        blocks: blocks, finalization: range.finalization, lastResult: lastResult ?? certified,
        certifiedHeight: Height(height.rawValue + UInt64(range.headers.count)),
        isLastCertified: range.headers.isEmpty))
  }

  mutating func finishRange(
    _ range: VerifiedRange, _ allHold: Bool, from peer: PeerID, _ now: Now,
    _ effects: inout ReplicaEffects
  ) {
    sync.answered()
    guard allHold else {
      effects.notices.append(
        .misbehaved(
          peer, code: "certificate.bad-signature",
          explanation: "the finalization of a range of blocks has a signature that does not hold"))
      return
    }
    // The chain may have moved on meanwhile.
    guard stopped == nil, let last = range.blocks.last, last.header.height > chain.committed.height else { return }
    for block in range.blocks where block.header.height > chain.committed.height {
      chain.tree.insert(block, isLogged: false)
      wanted.removeValue(forKey: block.digest)
    }
    // If it is newer than any known here, it is the target from now on, and logged; the target may even be reached.
    feed(.certificate(range.finalization), now, &effects)
    if stopped == nil, chain.committed.height < last.header.height { commitPart(range, last, now, &effects) }
    commitTarget(now, &effects)
  }

  /// Commits blocks below the target, on the word of a certificate that is older than it or covers more than came.
  private mutating func commitPart(
    _ range: VerifiedRange, _ last: Block, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    var changes = Chain.Changes()
    do throws(Chain.Fault) {
      if range.isLastCertified {
        try chain.commit(range.finalization, &changes)
      } else {
        try chain.commit(last.digest, result: range.lastResult, &changes)
      }
      // The log keeps it, after the blocks that it covers, so that these heights can prove their finality later.
      changes.records.append(
        PendingRecord(
          .certificate, height: range.certifiedHeight, block: range.finalization.statement.proposal?.block,
          payload: range.finalization.encoded()))
    } catch {
      handle(error, now, &effects)
    }
    apply(changes, now, &effects)
  }

  // MARK: Single blocks

  mutating func want(_ digest: Digest, for view: View) {
    guard wanted[digest] == nil, wanted.count < Limits.orphanBlocks else { return }
    wanted[digest] = WantedBlock(view: view, nextAsk: Tick(0))
  }

  /// Asks for blocks by digest: the view's leader first, then each peer in turn.
  mutating func askForWanted(_ now: Now, _ effects: inout ReplicaEffects) {
    guard !wanted.isEmpty else { return }
    let finalized = consensus.lastFinalized.view
    wanted = wanted.filter { $0.value.view > finalized && chain.tree[$0.key] == nil }
    let peers = connected.sorted()
    guard !peers.isEmpty else {
      for digest in wanted.keys {
        wanted[digest]?.nextAsk = now.tick.advanced(byMicroseconds: configuration.retryInterval)
      }
      return
    }
    for digest in wanted.keys.sorted() {
      guard var want = wanted[digest], want.nextAsk <= now.tick else { continue }
      let leader = configuration.peers.peer(consensus.leader(of: want.view))
      let peer = want.asked == 0 ? leader.flatMap { connected.contains($0) ? $0 : nil } : nil
      let asked = want.asked
      want.asked += 1
      want.nextAsk = now.tick.advanced(byMicroseconds: configuration.retryInterval)
      wanted[digest] = want
      send(.fetchBlock(digest), to: .peer(peer ?? peers[asked % peers.count]), &effects)
    }
  }

  // MARK: Peers

  mutating func connect(_ peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects) {
    guard configuration.isOther(peer) else { return }
    connected.insert(peer)
    if let validator = configuration.peers.validator(peer) { feed(.linked(validator, true), now, &effects) }
    sendStatus(to: .peer(peer), &effects)
    help(peer, &effects)
    // What it missed while away; it is offered to everybody again soon in any case.
    var offers: [[UInt8]] = []
    var size = 0
    mempool.forEachWaiting { transaction in
      size += transaction.bytes.count
      guard offers.count < Limits.offeredTransactions, size <= Limits.offeredBytes else { return false }
      offers.append(transaction.bytes)
      return true
    }
    if !offers.isEmpty { send(.transactions(offers), to: .peer(peer), &effects) }
  }

  mutating func disconnect(_ peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects) {
    guard connected.remove(peer) != nil else { return }
    if let validator = configuration.peers.validator(peer) { feed(.linked(validator, false), now, &effects) }
    statuses[peer] = nil
    if sync.asked == peer { sync.answered() }
    join.lost(peer)
  }

  func ownStatus() -> PeerStatus {
    PeerStatus(
      epoch: configuration.validators.epoch, view: consensus.view, finalizedView: consensus.lastFinalized.view,
      height: chain.committed.height)
  }

  mutating func sendStatus(to audience: Audience, _ effects: inout ReplicaEffects) {
    send(.status(ownStatus()), to: audience, &effects)
  }

  /// Sends the certificates that bring a peer to where this node stands: the newest finalization and the
  /// best certificate for entering the current view. They prove themselves.
  private mutating func help(_ peer: PeerID, _ effects: inout ReplicaEffects) {
    for certificate in [consensus.finalization, consensus.enteringCertificate].compactMap(\.self) {
      send(.certificate(certificate), to: .peer(peer), &effects)
    }
  }

  mutating func takeStatus(
    _ status: PeerStatus, from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard status.epoch == configuration.validators.epoch else { return }
    statuses[peer] = status
    if status.height <= chain.committed.height { sync.refused(by: peer, now: now.tick) }
    if status.finalizedView < consensus.lastFinalized.view || status.view < consensus.view { help(peer, &effects) }
  }

  /// Ends the listening of a node whose earlier votes are unknown: a quorum's reports are proven by
  /// certificates that brought this node to the same view, and the chain is caught up (protocol rule
  /// "listening"). Votes above the highest such view plus two are safe: the lost directory cannot have voted there.
  mutating func endListening(_ now: Now, _ effects: inout ReplicaEffects) {
    guard isListening, stopped == nil, sync.target == nil else { return }
    let needed = min(configuration.validators.quorum.size, configuration.validators.count - 1)
    let proven = statuses.count { peer, status in
      configuration.peers.validator(peer) != nil && status.view <= consensus.view
        && status.finalizedView <= consensus.lastFinalized.view
    }
    guard needed > 0, proven >= needed else { return }
    isListening = false
    let bar = View(consensus.view.rawValue.addingReportingOverflow(2).partialValue)
    var writer = Writer(capacity: 8)
    writer.integer(bar.rawValue)
    append(PendingRecord(.votingBar, payload: writer.bytes), &effects)
    effects.notices.append(.votingResumed(above: bar))
    signer?.finalized(bar)
    feed(.allowVoting(above: Round(epoch: configuration.validators.epoch, view: bar)), now, &effects)
  }
}

/// Why a range of blocks was refused.
enum RangeFault: Error, Equatable {
  case malformed
  /// It does not start at the next height.
  case notNext
  /// A block or header does not name the one before it.
  case broken
  /// The certificate is not about its last block or header.
  case notFinal
}

extension RangeFault: ExplainedError {
  var code: String {
    switch self {
    case .malformed: "sync.malformed"
    case .notNext: "sync.not-next"
    case .broken: "sync.broken-chain"
    case .notFinal: "sync.not-final"
    }
  }

  var explanation: String {
    switch self {
    case .malformed: "a block or header of the range cannot be decoded"
    case .notNext: "the range does not start at the next height"
    case .broken: "a block of the range does not name the block before it"
    case .notFinal: "the range's certificate is not for its last block"
    }
  }

  var nextStep: String { "nothing: the node asks another peer" }
}
