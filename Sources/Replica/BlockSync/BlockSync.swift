internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

/// Fetches blocks from peers: single blocks by digest, and final blocks in ranges, from peers that `RangeQuestions`
/// chooses.
///
/// The target of catching up is always a certificate whose signatures were verified here, never a height that a peer
/// reports (attack S1, CVE-2025-24371).
struct BlockSync {
  /// The newest finalization that cannot be committed yet.
  private(set) var target: Certificate?
  private(set) var questions = RangeQuestions()
  /// Ranges whose certificates are being verified. Meanwhile it is not known which blocks will be missing.
  private var checking = 0
  private(set) var isReported = false
  private var wanted: [Digest: WantedBlock] = [:]
  /// How many single blocks each peer was asked for and has not sent. Only so many are decoded.
  private var owed: [PeerID: Int] = [:]

  /// - Parameter target: a finalization whose blocks are not all in the log.
  init(target: Certificate? = nil) { self.target = target }

  var isCatchingUp: Bool { target != nil }
  var wantedCount: Int { wanted.count }

  /// When the questions for ranges must be looked at again.
  var rangeDeadline: Tick? { target == nil || checking > 0 ? nil : questions.reviewAt }

  /// When a block is requested by digest again.
  var wantedDeadline: Tick? { wanted.values.lazy.map(\.nextAsk).min() }

  mutating func finalized(_ certificate: Certificate) { target = certificate }

  /// Makes a finalization the target unless there already is one.
  mutating func aim(at certificate: Certificate) { target = target ?? certificate }

  /// Ends catching up: everything known to be final is committed.
  mutating func reached() {
    target = nil
    if isReported { questions.end() }
    isReported = false
  }

  /// The chain continues from a state far above, so that other blocks are missing than before.
  mutating func jumped() { questions.end() }

  /// Begins an epoch: what was missing for the one before is here, and its certificates are not judged any more.
  mutating func beginEpoch() {
    target = nil
    checking = 0
    wanted = [:]
    owed = [:]
    questions.end()
  }

  mutating func connect(_ peer: PeerID) { questions.connect(peer) }

  mutating func disconnect(_ peer: PeerID) {
    questions.disconnect(peer)
    owed[peer] = nil
  }

  // MARK: Ranges

  /// Whether all these peers were asked in vain since the last blocks came.
  func areFruitless(_ peers: borrowing Set<PeerID>) -> Bool { questions.areFruitless(peers) }

  /// Handles a peer's report that it has no more blocks than this node.
  mutating func refused(by peer: PeerID, _ context: borrowing StepContext) {
    questions.refused(peer, context.now.tick, retry: context.configuration.retryInterval)
  }

  /// Handles a peer's answer that it no longer has the blocks.
  mutating func lacks(_ peer: PeerID, _ context: borrowing StepContext) {
    questions.failed(peer, context.now.tick, retry: context.configuration.retryInterval)
  }

  /// Asks peers for final blocks above `height`, if it is time to ask one. Returns the peers that were asked.
  /// - Parameter spacing: the least time between two questions, in microseconds.
  mutating func fetchRange(
    above height: Height, _ connected: borrowing Set<PeerID>, spacing: UInt64 = 0, _ context: inout StepContext
  ) -> [PeerID] {
    guard let target, checking == 0, let from = height.next else { return [] }
    let asked = questions.ask(
      from: from, connected, spacing: spacing, now: context.now.tick, retry: context.configuration.retryInterval)
    if !asked.isEmpty, !isReported {
      isReported = true
      context.notice(.catchingUp(from: from, to: target.view))
    }
    for peer in asked { context.send(.fetchRange(from: from), to: .peer(peer)) }
    return asked
  }

  /// Handles a received range. If it was requested and is consistent, its certificate is verified.
  mutating func receive(
    _ range: BlockRange, from peer: PeerID, _ chain: borrowing Chain, _ context: inout StepContext
  ) {
    guard let target, let answer = questions.accept(from: peer, now: context.now.tick) else { return }
    // Two peers may have been asked for the same blocks.
    context.isUseful = true
    do throws(RangeFault) {
      let verified = try Self.check(range, answer, target, chain, &context)
      guard let items = context.items(of: range.finalization, from: peer) else { return lacks(peer, context) }
      questions.answered(peer)
      checking += 1
      context.verify(items, for: .range(verified, from: peer))
    } catch {
      // A late answer to an earlier request is harmless; an inconsistent one is not.
      guard error == .notNext else {
        lacks(peer, context)
        return context.blame(peer, error)
      }
      let isCurrent = answer.from.rawValue > chain.committed.height.rawValue
      if answer.isLast { isCurrent ? lacks(peer, context) : questions.answered(peer) }
    }
  }

  /// Checks a range's bytes, and its links up to the certified block (attacks S2, S5).
  private static func check(
    _ range: BlockRange, _ answer: RangeAnswer, _ target: Certificate, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) throws(RangeFault) -> VerifiedRange {
    guard case .finalize(let proposal, let certified) = range.finalization.statement else { throw .notFinal }
    var blocks: [Block] = []
    var parent = chain.committed.block
    var height = chain.committed.height
    for bytes in range.blocks {
      guard let block = try? Block(bytes: bytes, chain: context.chain, hash: &context.hash) else { throw .malformed }
      // Blocks that are already committed here are harmless at every offset (attack S3).
      if blocks.isEmpty, block.header.height <= chain.committed.height { continue }
      guard let next = height.next, block.header.height == next else { throw blocks.isEmpty ? .notNext : .broken }
      guard block.header.parent == parent else { throw .broken }
      blocks.append(block)
      parent = block.digest
      height = next
    }
    guard !blocks.isEmpty else { throw .notNext }
    var lastResult: Digest?
    for bytes in range.headers {
      guard let header = try? BlockHeader(bytes: bytes, chain: context.chain) else { throw .malformed }
      guard header.parent == parent else { throw .broken }
      lastResult = lastResult ?? header.parentResult
      parent = header.digest(context.chain, hash: &context.hash)
    }
    guard parent == proposal.block else { throw .notFinal }
    return VerifiedRange(
      blocks: blocks, finalization: range.finalization, lastResult: lastResult ?? certified,
      certifiedHeight: Height(height.rawValue + UInt64(range.headers.count)), isLastCertified: range.headers.isEmpty,
      reachesTarget: range.headers.isEmpty && range.finalization.round >= target.round, answer: answer)
  }

  /// Completes the verification of a range's certificate. Puts the blocks into the tree unless the chain has already
  /// passed them, and returns whether it did; the consensus must then receive the certificate, and the blocks can be
  /// committed.
  mutating func finish(
    _ range: VerifiedRange, _ allHold: Bool, from peer: PeerID, isStopped: Bool, _ chain: inout Chain,
    _ context: inout StepContext
  ) -> Bool {
    checking -= 1
    guard allHold else {
      lacks(peer, context)
      context.blame(
        peer, "certificate.bad-signature",
        "the finalization of a range of blocks has an invalid signature")
      return false
    }
    guard !isStopped, let last = range.blocks.last, last.header.height > chain.committed.height else { return false }
    questions.served(
      peer, range.answer, isFull: range.isFull, retry: context.configuration.retryInterval)
    for block in range.blocks where block.header.height > chain.committed.height {
      chain.tree.insert(block, isLogged: false)
      wanted.removeValue(forKey: block.digest)
    }
    return true
  }

  // MARK: Single blocks

  mutating func want(_ digest: Digest, of round: Round) {
    guard wanted[digest] == nil, wanted.count < Limits.orphanBlocks else { return }
    wanted[digest] = WantedBlock(round: round)
  }

  func wants(_ digest: Digest) -> Bool { wanted[digest] != nil }

  /// Notes that a block arrived in another way. Returns whether it was wanted.
  mutating func found(_ digest: Digest) -> Bool { wanted.removeValue(forKey: digest) != nil }

  /// Requests the wanted blocks, from those who voted for them first.
  mutating func fetchWanted(
    _ consensus: borrowing Consensus, _ chain: borrowing Chain, _ connected: borrowing Set<PeerID>,
    _ context: inout StepContext
  ) {
    guard !wanted.isEmpty else { return }
    let finalized = context.round(consensus.lastFinalized.view)
    for (digest, want) in wanted where want.round <= finalized || chain.tree[digest] != nil { wanted[digest] = nil }
    let peers = connected.sorted()
    let retry = context.tick(in: context.configuration.retryInterval)
    for digest in wanted.keys.sorted() {
      guard var want = wanted[digest] else { continue }
      let leader = context.configuration.peers.peer(context.configuration.validators.leader(of: want.round.view))
      let holders = consensus.holders(of: digest, in: want.round).compactMap { context.configuration.peers.peer($0) }
      let asked = want.next(
        of: peers, holders: Set(holders), leader: leader, now: context.now.tick, retry: retry)
      wanted[digest] = want
      for peer in asked {
        owed[peer] = min(owed[peer, default: 0] + 1, Limits.orphanBlocks)
        context.send(.fetchBlock(digest), to: .peer(peer))
      }
    }
  }

  /// Handles a block sent on its own. Returns it with its round if it was requested; others are ignored, as they would
  /// fill memory. A peer may send as many as it was asked for: decoding one takes long.
  mutating func receive(
    _ bytes: [UInt8], from peer: PeerID, _ context: inout StepContext
  ) -> (block: Block, round: Round)? {
    guard !wanted.isEmpty, let count = owed[peer] else { return nil }
    owed[peer] = count > 1 ? count - 1 : nil
    context.isUseful = true
    do throws(BlockError) {
      let block = try Block(bytes: bytes, chain: context.chain, hash: &context.hash)
      return wanted.removeValue(forKey: block.digest).map { (block, $0.round) }
    } catch {
      context.blame(peer, error)
      return nil
    }
  }
}
