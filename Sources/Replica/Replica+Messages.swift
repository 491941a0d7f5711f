internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

// Messages of peers and answers of the workers: each goes to the machine responsible for it. Everything is untrusted
// until its signatures are verified; anything that no correct node would send is reported as misbehaviour, and the
// shell closes the link.
extension Replica {
  mutating func receive(_ bytes: [UInt8], from peer: PeerID) {
    guard context.configuration.isOther(peer) else { return }
    do throws(CodecError) {
      let message = try PeerMessage(bytes)
      if let validator = context.configuration.peers.validator(peer) { feed(.heard(validator)) }
      receive(message, from: peer)
    } catch {
      context.blame(peer, error)
    }
  }

  private mutating func receive(_ message: PeerMessage, from peer: PeerID) {
    switch message {
    case .transactions(let transactions):
      if stopped == nil { admission.receive(transactions, from: peer, chain, &context) }
    case .proposal(let vote, let block): receive(vote, proposing: block, from: peer)
    case .vote(let vote): receive(vote, from: peer)
    case .certificate(let certificate): receive(certificate, from: peer)
    case .status(let status):
      guard peers.receive(status, from: peer, consensus, &context) else { break }
      if status.height <= chain.committed.height { blockSync.refused(by: peer, context) }
    case .fetchCertificates(let from, let to): answerCertificates(from: from, to: to, peer)
    case .fetchBlock(let digest):
      answerBlock(digest, peer)
    case .block(let bytes):
      if let found = blockSync.receive(bytes, from: peer, &context) {
        proposals.keep(found.block, of: found.round, &chain)
      }
    case .fetchRange(let from): answerRange(from: from, peer)
    case .range(let range): blockSync.receive(range, from: peer, chain, &context)
    case .fetchSnapshot(let height): context.effects.snapshotRequests.append(.manifest(peer: peer, above: height))
    case .snapshot(let manifest): receive(manifest: manifest, from: peer)
    case .fetchChunk(let height, let index):
      context.effects.snapshotRequests.append(.chunk(peer: peer, height: height, index: Int(index)))
    case .chunk(let height, let index, let bytes):
      stateSync.receive(chunk: bytes, index: Int(index), of: height, from: peer, &context)
    case .fetchFinal, .final: break  // Exchanged between shells, for the repair of logs.
    }
  }

  private mutating func receive(_ vote: Vote, from peer: PeerID) {
    if let input = votes.receive(vote, from: peer, consensus, &context) { feed(input) }
  }

  private mutating func receive(_ certificate: Certificate, from peer: PeerID) {
    if let input = votes.receive(certificate, from: peer, consensus, &context) { feed(input) }
  }

  /// Handles a leader's proposal. One proposal of each round is accepted with its block, and so is any whose block is
  /// wanted; of all others only the vote is.
  private mutating func receive(_ vote: Vote, proposing bytes: [UInt8], from peer: PeerID) {
    guard let proposal = vote.statement.proposal, votes.isProposal(vote, from: peer, consensus, context),
      !proposals.hasBlock(of: proposal.round) || blockSync.wants(proposal.block)
    else { return receive(vote, from: peer) }
    // Decoding recomputes everything that the digest commits to (attacks C11, C12).
    do throws(BlockError) {
      let block = try Block(bytes: bytes, chain: context.chain, hash: &context.hash)
      guard block.digest == proposal.block else {
        return context.blame(
          peer, "block.other-digest",
          "sent block \(block.digest.short) with a vote for \(proposal.block.short)")
      }
      votes.verify(vote, proposing: block, from: peer, &context)
    } catch {
      context.blame(peer, error)
    }
  }

  /// Handles a manifest. In answer to a question for blocks it says that the peer no longer has them; others are then
  /// asked for blocks, whatever becomes of the snapshot (attack H2).
  private mutating func receive(manifest bytes: [UInt8], from peer: PeerID) {
    guard blockSync.isCatchingUp else { return }
    let isInsteadOfBlocks = stateSync.isManifestInsteadOfBlocks(from: peer)
    if isInsteadOfBlocks { blockSync.lacks(peer, context) }
    stateSync.receive(
      manifest: bytes, from: peer, isInsteadOfBlocks: isInsteadOfBlocks,
      isNobodyLeft: blockSync.areFruitless(peers.connected), chain, &context)
  }

  private mutating func answerCertificates(from: View, to: View, _ peer: PeerID) {
    guard from <= to, peers.mayCauseMore(peer, context) else { return }
    let request = FetchRequest(epoch: context.configuration.validators.epoch, first: from, last: to, ask: nil)
    let certificates = consensus.certificates(answering: request)
    peers.count(certificates.count, for: peer, context)
    for certificate in certificates { context.send(.certificate(certificate), to: .peer(peer)) }
  }

  /// Sends a block that is not final. Whoever asks for any other gets the certificates that show what is final here, so
  /// that it asks for a range.
  private mutating func answerBlock(_ digest: Digest, _ peer: PeerID) {
    if let node = chain.tree[digest] {
      context.send(.block(node.block.bytes), to: .peer(peer))
    } else if peers.mayCauseMore(peer, context) {
      peers.help(peer, consensus, &context)
    }
  }

  private mutating func answerRange(from: Height, _ peer: PeerID) {
    guard from > .genesis else { return }
    if from <= chain.committed.height {
      context.effects.ranges.append(RangeRequest(peer: peer, from: from))
    } else {
      // Sends the status, so that the peer need not wait for an answer that will not come.
      peers.sendStatus(to: .peer(peer), consensus, chain.committed.height, &context)
    }
  }

  // MARK: Peers

  mutating func connect(_ peer: PeerID) {
    guard context.configuration.isOther(peer) else { return }
    peers.connect(peer)
    blockSync.connect(peer)
    if let validator = context.configuration.peers.validator(peer) { feed(.linked(validator, true)) }
    peers.sendStatus(to: .peer(peer), consensus, chain.committed.height, &context)
    peers.help(peer, consensus, &context)
    admission.offerAll(to: peer, &context)
  }

  mutating func disconnect(_ peer: PeerID) {
    guard peers.disconnect(peer) else { return }
    if let validator = context.configuration.peers.validator(peer) { feed(.linked(validator, false)) }
    blockSync.disconnect(peer)
    stateSync.disconnect(peer)
  }

  // MARK: Answers of the workers

  mutating func finish(_ ticket: Ticket, _ results: [Bool]) {
    guard let work = context.tickets.finish(ticket) else { return }
    let allHold = results.allSatisfy { $0 }
    switch work {
    case .transactions(let incoming, let peer):
      admission.finish(incoming, results, from: peer, chain, &context)
      reportWork()
      proposals.finishAwaited(ticket)
    case .vote(let vote, let peer): finish(vote, allHold, from: peer)
    case .proposal(let vote, let block, let peer):
      if allHold { keep(block, of: vote.statement.round) }
      finish(vote, allHold, from: peer)
    case .certificate(let certificate, let peer):
      if let input = votes.finish(certificate, allHold, from: peer, &context) { feed(input) }
      reconsider(certificate.statement)
    case .block(let round): _ = follow(proposals.finish(round, ticket, allHold, &chain, &context), round)
    case .range(let range, let peer): finish(range, allHold, from: peer)
    case .manifest(let manifest, let chunks, let peer):
      let certificate = stateSync.finish(
        manifest, chunks: chunks, allHold, from: peer, isStopped: stopped != nil,
        isNobodyLeft: blockSync.areFruitless(peers.connected), chain, &context)
      if let certificate { feed(.certificate(certificate)) }
    }
  }

  private mutating func finish(_ vote: Vote, _ holds: Bool, from peer: PeerID) {
    if let input = votes.finish(vote, holds, from: peer, &context) { feed(input) }
    reconsider(vote.statement)
  }

  private mutating func reconsider(_ statement: Statement) {
    for sent in votes.reconsider(statement, consensus, &context) { receive(sent.certificate, from: sent.peer) }
  }

  /// Keeps the block that a leader proposed. A leader may sign any number of proposals; one of each round is kept, and
  /// another one that a quorum notarizes is fetched. The block may have become final elsewhere while the leader's
  /// signature was verified here; then it is one of the missing blocks. While the log is behind none is kept; what
  /// matters is fetched afterwards.
  private mutating func keep(_ block: Block, of round: Round) {
    guard !context.isLogBehind else { return }
    let isWanted = blockSync.found(block.digest)
    guard round > context.round(consensus.lastFinalized.view) || blockSync.isCatchingUp,
      !proposals.hasBlock(of: round) || isWanted
    else { return }
    proposals.keep(block, of: round, &chain)
  }

  private mutating func finish(_ range: VerifiedRange, _ allHold: Bool, from peer: PeerID) {
    guard blockSync.finish(range, allHold, from: peer, isStopped: stopped != nil, &chain, &context),
      let last = range.blocks.last
    else { return }
    stateSync.gave(peer, context.configuration)
    // If the certificate is newer than any known here, it becomes the target and is logged; the target may even be
    // reached.
    feed(.certificate(range.finalization))
    if stopped == nil, chain.committed.height < last.header.height { commit(range) }
    commitTarget()
  }
}
