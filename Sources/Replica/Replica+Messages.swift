internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

// What peers send. Everything is untrusted until its signatures are checked; what no correct node would send
// is reported as misbehaviour, and the shell closes the link.
extension Replica {
  mutating func receive(
    _ bytes: [UInt8], from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard configuration.isOther(peer) else { return }
    do throws(CodecError) {
      let message = try PeerMessage(bytes)
      if let validator = configuration.peers.validator(peer) { feed(.heard(validator), now, &effects) }
      take(message, from: peer, now, &effects)
    } catch {
      effects.notices.append(.misbehaved(peer, code: error.code, explanation: error.explanation))
    }
  }

  private mutating func take(
    _ message: PeerMessage, from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    switch message {
    case .transactions(let transactions): offered(transactions, by: peer, now, &effects)
    case .proposal(let vote, let block): takeProposal(vote, block, from: peer, now, &effects)
    case .vote(let vote): takeVote(vote, from: peer, now, &effects)
    case .certificate(let certificate): takeCertificate(certificate, from: peer, now, &effects)
    case .status(let status): takeStatus(status, from: peer, now, &effects)
    case .fetchCertificates(let from, let to): answerCertificates(from: from, to: to, peer: peer, &effects)
    case .fetchBlock(let digest):
      if let node = chain.tree[digest] { send(.block(node.block.bytes), to: .peer(peer), &effects) }
    case .block(let bytes): takeBlock(bytes, from: peer, &effects)
    case .fetchRange(let from):
      guard from > .genesis else { break }
      if from <= chain.committed.height {
        effects.ranges.append(RangeRequest(peer: peer, from: from))
      } else {
        // So that it need not wait for an answer that does not come.
        sendStatus(to: .peer(peer), &effects)
      }
    case .range(let range): takeRange(range, from: peer, &effects)
    case .fetchSnapshot(let height): effects.snapshotRequests.append(.manifest(peer: peer, above: height))
    case .snapshot(let manifest): takeManifest(manifest, chunks: [], from: peer, now, &effects)
    case .fetchChunk(let height, let index):
      effects.snapshotRequests.append(.chunk(peer: peer, height: height, index: Int(index)))
    case .chunk(let height, let index, let bytes):
      takeChunk(bytes, index: Int(index), of: height, from: peer, now, &effects)
    case .fetchFinal, .final: break  // Between shells, for the repair of logs.
    }
  }

  /// Whether checking the vote's signature can matter: right epoch and window, sent by its signer, and not too
  /// much of this peer's is being checked already. Everything else is dropped before it costs anything.
  private func isWorthChecking(_ vote: Vote, from peer: PeerID) -> Bool {
    vote.signer == configuration.peers.validator(peer) && vote.statement.epoch == configuration.validators.epoch
      && vote.statement.view <= consensus.view.next ?? consensus.view && hasRoom(for: peer)
  }

  /// A certificate is worth checking unless an equal one is held or its view is final.
  private func isWorthChecking(_ certificate: Certificate, from peer: PeerID) -> Bool {
    certificate.statement.epoch == configuration.validators.epoch && certificate.view > consensus.lastFinalized.view
      && consensus.certificate(for: certificate.round, certificate.kind) == nil && hasRoom(for: peer)
  }

  private func hasRoom(for peer: PeerID) -> Bool {
    checking[peer, default: 0] < Limits.peerChecks
  }

  private mutating func takeVote(
    _ vote: Vote, from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard isWorthChecking(vote, from: peer) else { return }
    let statement = vote.statement
    if consensus.hasForgotten(statement.round) { return feed(.repeated(statement, by: vote.signer), now, &effects) }
    guard isEnough(for: statement), !consensus.contradicts(vote), !shelf.contradicts(vote) else {
      if !shelf.isChecking(vote) { check(vote, &effects) }
      return
    }
    guard shelf.has(vote) || consensus.holds(vote) else { return shelf.put(vote) }
    if consensus.isSettled(statement) { feed(.repeated(statement, by: vote.signer), now, &effects) }
  }

  /// Whether the votes for `statement` that are counted or being checked decide it, if all of these hold.
  private func isEnough(for statement: Statement) -> Bool {
    if consensus.isSettled(statement) { return true }
    let quorum = configuration.validators.quorum.size
    return consensus.count(of: statement) + shelf.underWay(statement, quorum: quorum) >= quorum
  }

  /// Has a vote checked, and with it what its signer said otherwise and was put aside: that shows who contradicts itself.
  private mutating func check(_ vote: Vote, proposing block: Block? = nil, _ effects: inout ReplicaEffects) {
    // Votes come from their signers alone, so each has a peer.
    guard let peer = configuration.peers.peer(vote.signer) else { return }
    for other in shelf.takeContrary(to: vote) { check(other, &effects) }
    shelf.begin(vote)
    request(
      [item(of: vote)], for: block.map { .proposal(vote, $0, from: peer) } ?? .vote(vote, from: peer), &effects)
  }

  /// After a check: what was put aside for its sake is checked if it is needed after all, and is of no use if not.
  private mutating func reconsider(_ statement: Statement, _ now: Now, _ effects: inout ReplicaEffects) {
    while !isEnough(for: statement), let vote = shelf.nextVote(for: statement) {
      check(vote, &effects)
    }
    guard consensus.isSettled(statement) || !isEnough(for: statement) else { return }
    for sent in shelf.takeCertificates(of: statement) {
      takeCertificate(sent.certificate, from: sent.peer, now, &effects)
    }
  }

  private func item(of vote: Vote) -> VerificationItem {
    VerificationItem(
      message: vote.statement.signedBytes(configuration.chain),
      key: configuration.validators.voteKey(of: vote.signer), signature: vote.signature)
  }

  private mutating func takeProposal(
    _ vote: Vote, _ bytes: [UInt8], from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard let proposal = vote.statement.proposal, isWorthChecking(vote, from: peer),
      vote.signer == consensus.leader(of: vote.statement.view), proposal.view > consensus.lastFinalized.view,
      proposed[proposal.view] == nil || wanted[proposal.block] != nil
    else { return takeVote(vote, from: peer, now, &effects) }
    guard let block = decode(bytes, expecting: proposal.block, from: peer, &effects) else { return }
    check(vote, proposing: block, &effects)
  }

  /// Decodes a block and recomputes everything its digest commits to (attacks C11, C12).
  private mutating func decode(
    _ bytes: [UInt8], expecting digest: Digest, from peer: PeerID, _ effects: inout ReplicaEffects
  ) -> Block? {
    do throws(BlockError) {
      let block = try Block(bytes: bytes, chain: configuration.chain, hash: &hash)
      if block.digest == digest { return block }
      effects.notices.append(
        .misbehaved(
          peer, code: "block.other-digest",
          explanation: "sent block \(block.digest.short) where \(digest.short) was named"))
    } catch {
      effects.notices.append(.misbehaved(peer, code: error.code, explanation: error.explanation))
    }
    return nil
  }

  private mutating func takeCertificate(
    _ certificate: Certificate, from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard isWorthChecking(certificate, from: peer), let items = items(of: certificate, from: peer, &effects) else {
      return
    }
    // A node that is a little behind gets its votes, and a copy from others, while they are being checked.
    guard !isEnough(for: certificate.statement) else { return shelf.put(certificate, from: peer) }
    // Most of its votes came here before it did.
    let unknown = items.indices.filter { index in
      !consensus.holds(
        Vote(
          statement: certificate.statement, signer: certificate.signers[index],
          signature: certificate.signatures[index]))
    }
    guard !unknown.isEmpty else { return feed(.certificate(certificate), now, &effects) }
    shelf.beginCertificate(of: certificate.statement)
    request(unknown.map { items[$0] }, for: .certificate(certificate, from: peer), &effects)
  }

  /// The signatures of a certificate, or nil, with blame, if it is no quorum of the set.
  func items(
    of certificate: Certificate, from peer: PeerID, _ effects: inout ReplicaEffects
  ) -> [VerificationItem]? {
    guard certificate.hasQuorum(of: configuration.validators) else {
      effects.notices.append(
        .misbehaved(
          peer, code: "certificate.no-quorum",
          explanation:
            "\(certificate.signers.count) signers of \(configuration.validators.count) validators are no quorum"))
      return nil
    }
    let message = certificate.statement.signedBytes(configuration.chain)
    return zip(certificate.signers, certificate.signatures).map { signer, signature in
      VerificationItem(
        message: message, key: configuration.validators.voteKey(of: signer), signature: signature)
    }
  }

  private mutating func takeBlock(_ bytes: [UInt8], from peer: PeerID, _ effects: inout ReplicaEffects) {
    guard !wanted.isEmpty else { return }
    do throws(BlockError) {
      let block = try Block(bytes: bytes, chain: configuration.chain, hash: &hash)
      // Only blocks that were asked for: an unknown one would fill memory.
      guard let want = wanted.removeValue(forKey: block.digest) else { return }
      keep(block, of: want.view)
    } catch {
      effects.notices.append(.misbehaved(peer, code: error.code, explanation: error.explanation))
    }
  }

  private func answerCertificates(
    from: View, to: View, peer: PeerID, _ effects: inout ReplicaEffects
  ) {
    guard from <= to else { return }
    let request = FetchRequest(epoch: configuration.validators.epoch, first: from, last: to, ask: nil)
    for certificate in consensus.certificates(answering: request) {
      send(.certificate(certificate), to: .peer(peer), &effects)
    }
  }

  // MARK: Answers of the worker pool

  mutating func finish(_ ticket: Ticket, _ results: [Bool], _ now: Now, _ effects: inout ReplicaEffects) {
    guard let pending = work.removeValue(forKey: ticket) else { return }
    if let peer = pending.peer { checking[peer, default: 1] -= 1 }
    let allHold = results.allSatisfy { $0 }
    switch pending {
    case .transactions(let incoming, let peer):
      admit(incoming, results, from: peer, now, &effects)
      finishAwaited(ticket)
    case .vote(let vote, let peer): finishVote(vote, allHold, from: peer, now, &effects)
    case .proposal(let vote, let block, let peer):
      if allHold { takeProposed(block, of: vote.statement.view) }
      finishVote(vote, allHold, from: peer, now, &effects)
    case .certificate(let certificate, let peer):
      finishCertificate(certificate, allHold, from: peer, now, &effects)
    case .block(let view): finishCheck(of: view, ticket, allHold, now, &effects)
    case .range(let range, let peer): finishRange(range, allHold, from: peer, now, &effects)
    case .manifest(let manifest, let chunks, let peer):
      finishManifest(manifest, chunks, allHold, from: peer, now, &effects)
    }
  }

  private mutating func finishVote(
    _ vote: Vote, _ holds: Bool, from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    shelf.end(vote)
    if holds {
      feed(.vote(vote), now, &effects)
    } else {
      blame(peer, "vote.bad-signature", of: vote.statement, &effects)
    }
    reconsider(vote.statement, now, &effects)
  }

  private mutating func finishCertificate(
    _ certificate: Certificate, _ holds: Bool, from peer: PeerID, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    shelf.endCertificate(of: certificate.statement)
    if holds {
      feed(.certificate(certificate), now, &effects)
    } else {
      blame(peer, "certificate.bad-signature", of: certificate.statement, &effects)
    }
    reconsider(certificate.statement, now, &effects)
  }

  /// Keeps the block that a leader proposed. A leader may sign as many proposals as it likes; one of each view is
  /// kept, and what a quorum notarizes besides is fetched. The others may have made it final while the leader's signature
  /// was checked here: then it is what is missing.
  private mutating func takeProposed(_ block: Block, of view: View) {
    let isWanted = wanted.removeValue(forKey: block.digest) != nil
    guard view > consensus.lastFinalized.view || sync.target != nil, proposed[view] == nil || isWanted else { return }
    keep(block, of: view)
  }

  /// Takes a block into the tree, and remembers of which view it is: when that is over, it leaves again, whatever
  /// height its leader wrote into it.
  private mutating func keep(_ block: Block, of view: View) {
    guard block.header.height > chain.committed.height else { return }
    proposed[view] = block.digest
    chain.tree.insert(block, isLogged: false)
  }

  private func blame(
    _ peer: PeerID, _ code: String, of statement: Statement, _ effects: inout ReplicaEffects
  ) {
    effects.notices.append(
      .misbehaved(
        peer, code: code,
        explanation: "a signature of a \(statement.kind) of view \(statement.view) does not hold"))
  }
}
