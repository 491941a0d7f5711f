internal import Consensus
internal import Ledger
internal import Primitives

// Messages of peers: each goes to the machine responsible for it. Everything is untrusted until its signatures are
// verified; anything that no correct node would send is reported as misbehaviour, and the shell closes the link.
extension Replica {
  mutating func receive(_ bytes: [UInt8], from peer: PeerID) {
    // What still waits of a peer that left is not its successor's, which may have its number.
    guard context.configuration.isOther(peer), peers.connected.contains(peer) else { return }
    do throws(CodecError) {
      let message = try PeerMessage(bytes)
      if let validator = context.configuration.peers.validator(peer) { feed(.heard(validator)) }
      context.isUseful = false
      receive(message, bytes, from: peer)
      if !context.isUseful { peers.charge(bytes.count, to: peer, &context) }
    } catch {
      context.blame(peer, error)
    }
  }

  private mutating func receive(_ message: PeerMessage, _ frame: [UInt8], from peer: PeerID) {
    if case .status(let status) = message {
      peers.receive(status, from: peer, consensus, &context)
      if status.height <= chain.committed.height { blockSync.refused(by: peer, context) }
    }
    if let epoch = message.epoch, epoch != context.epoch { return bridge(message, of: epoch, frame, from: peer) }
    switch message {
    case .transactions(let transactions):
      guard stopped == nil else { break }
      let known = admission.receive(transactions, from: peer, chain, &context)
      context.isUseful = true
      // A quarter: clients may send the same to several nodes, which offer it to one another.
      if known > 0 { peers.charge(known / 4, to: peer, &context) }
    case .proposal(let vote, let block): receive(vote, proposing: block, from: peer)
    case .vote(let vote): receive(vote, from: peer)
    case .certificate(let certificate): receive(certificate, from: peer)
    case .status: break
    case .fetchCertificates(_, let from, let to): answerCertificates(from: from, to: to, peer)
    case .fetchBlock(let digest):
      answerBlock(digest, peer)
    case .block(let bytes):
      if let found = blockSync.receive(bytes, from: peer, &context) {
        context.isUseful = true
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
    case .fetchClosings(let epoch):
      guard peers.mayCauseMore(peer, context), let answer = closings(from: epoch) else { break }
      peers.count(answer.list.count, for: peer, context)
      peers.charge(answer.list.reduce(0) { $0 + $1.byteCount }, to: peer, &context)
      context.send(.closings(answer), to: .peer(peer))
    case .closings(let closings): receive(closings, from: peer)
    case .fetchFinal, .final: break  // Exchanged between shells, for the repair of logs.
    }
  }

  private mutating func receive(_ vote: Vote, from peer: PeerID) {
    if let input = votes.receive(vote, from: peer, consensus, &context) { feed(input) }
  }

  mutating func receive(_ certificate: Certificate, from peer: PeerID) {
    guard let input = votes.receive(certificate, from: peer, consensus, &context) else { return }
    context.isUseful = true
    feed(input)
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
    let unknown = stateSync.receive(
      manifest: bytes, from: peer, isInsteadOfBlocks: isInsteadOfBlocks,
      isNobodyLeft: blockSync.areFruitless(peers.connected), chain, &context)
    if let unknown { closingSync.want(before: unknown, from: peer, context) }
  }

  private mutating func answerCertificates(from: View, to: View, _ peer: PeerID) {
    guard from <= to, peers.mayCauseMore(peer, context) else { return }
    let request = FetchRequest(epoch: context.configuration.validators.epoch, first: from, last: to, ask: nil)
    let certificates = consensus.certificates(answering: request)
    peers.count(certificates.count, for: peer, context)
    for certificate in certificates {
      peers.charge(0, to: peer, &context)
      context.send(.certificate(certificate), to: .peer(peer))
    }
  }

  /// Sends a block that is not final. Whoever asks for any other gets the certificates that show what is final here, so
  /// that it asks for a range.
  private mutating func answerBlock(_ digest: Digest, _ peer: PeerID) {
    if let node = chain.tree[digest] {
      peers.charge(node.block.bytes.count, to: peer, &context)
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
    closingSync.disconnect(peer)
    shelf.disconnect(peer)
  }
}
