internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

// Traitors that run the validator's own code, and whose frames are altered on their way out.
extension SimulatedCluster {
  func carryAsTraitor(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: Int) {
    switch options.traitorKind {
    case .twins, .noise: carry(frame, from: node, run, to: peer)
    case .withhold:
      if Bool.random(using: &node.generator) { return count("traitor: withheld frames") }
      carry(frame, from: node, run, to: peer)
    case .delay:
      guard Bool.random(using: &node.generator) else { return carry(frame, from: node, run, to: peer) }
      count("traitor: delayed frames")
      let tick = later(UInt64.random(in: 1000...4_000_000, using: &node.generator))
      queue.push(.late(from: node.number, run: run.number, to: peer, bytes: frame), at: tick)
    case .replay:
      carry(frame, from: node, run, to: peer)
      guard Int.random(in: 0..<3, using: &node.generator) == 0,
        let old = node.sent.randomElement(using: &node.generator)
      else { return }
      count("traitor: repeated frames")
      carry(old, from: node, run, to: peer)
    case .captureSync, .dripSync: carryAsSaboteur(frame, from: node, run, to: peer)
    case .equivocate, .results, .headers: carryAltered(frame, from: node, run, to: peer)
    case .starveSuccessor: carryStarving(frame, from: node, run, to: peer)
    case .flood: carryFlooding(frame, from: node, run, to: peer)
    case .idleLeader: carryIdle(frame, from: node, run, to: peer)
    }
  }

  private func carryAltered(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: Int) {
    let message = try? PeerMessage(frame)
    switch (options.traitorKind, message) {
    case (.equivocate, .proposal(let vote, let bytes)?) where !peer.isMultiple(of: 2):
      guard let other = secondProposal(vote, bytes, node, isForged: false) else { break }
      count("traitor: second proposals")
      carry(other, from: node, run, to: peer)
      // Some peers receive both proposals.
      guard Int.random(in: 0..<4, using: &node.generator) == 0 else { return }
    case (.headers, .proposal(let vote, let bytes)?):
      guard let other = secondProposal(vote, bytes, node, isForged: true) else { break }
      count("traitor: forged proposals")
      return carry(other, from: node, run, to: peer)
    case (.equivocate, .vote(let vote)?) where vote.statement.kind == .finalize && !peer.isMultiple(of: 2):
      count("traitor: contradicting votes")
      let statement = Statement.nullify(epoch: vote.statement.epoch, view: vote.statement.view)
      return carry(PeerMessage.vote(sign(statement, as: node)).encoded(), from: node, run, to: peer)
    case (.results, .vote(let vote)?):
      guard case .finalize(let proposal, _) = vote.statement else { break }
      count("traitor: other results")
      let statement = Statement.finalize(proposal, result: Digest(node.generator.next(), 0, 0, 0))
      carry(PeerMessage.vote(sign(statement, as: node)).encoded(), from: node, run, to: peer)
      guard Bool.random(using: &node.generator) else { return }
    default: break
    }
    carry(frame, from: node, run, to: peer)
  }

  func sign(_ statement: Statement, as node: SimulatedNode) -> Vote {
    let set = set(of: statement.round.epoch) ?? newestSet
    // One that is no validator any more votes on with the index and the key that it had.
    let last = set.index(of: node.seat) == nil ? sets.last { $0.index(of: node.seat) != nil } : set
    let index = last?.index(of: node.seat)
    let key = index.flatMap { last?.validators.voteKey(of: $0) } ?? node.keys.current
    guard let signature = ring.sign(statement.signedBytes(population.chain), with: key) else {
      preconditionFailure("node \(node.number) has no key")
    }
    return Vote(statement: statement, signer: index ?? ValidatorIndex(0), signature: signature)
  }

  /// The traitor's second proposal for the view, encoded; every peer that receives one receives the same.
  /// - Returns: nil if the proposal cannot be decoded.
  private func secondProposal(
    _ vote: Vote, _ bytes: [UInt8], _ node: SimulatedNode, isForged: Bool
  ) -> [UInt8]? {
    if let second = node.secondProposal, second.round == vote.statement.round { return second.frame }
    guard var proposal = vote.statement.proposal,
      let block = try? Block(bytes: bytes, chain: population.chain, hash: &forgeHash)
    else { return nil }
    var header = block.header
    var transactions = (0..<block.count).map { SignedTransaction(block.transaction(at: $0)) }
    if isForged {
      forge(&header, &transactions, &proposal, node)
    } else {
      header.timestamp = header.timestamp.advanced(byMilliseconds: 1)
    }
    let other = Block.assemble(
      height: header.height, parent: header.parent, parentResult: header.parentResult, timestamp: header.timestamp,
      transactions: transactions, chain: population.chain, hash: &forgeHash)
    proposal.block = other.digest
    let frame = PeerMessage.proposal(sign(.notarize(proposal), as: node), block: other.bytes).encoded()
    node.secondProposal = (vote.statement.round, frame)
    return frame
  }

  private func forge(
    _ header: inout BlockHeader, _ transactions: inout [SignedTransaction], _ proposal: inout Proposal,
    _ node: SimulatedNode
  ) {
    let otherDigest = Digest(node.generator.next(), 1, 2, 3)
    switch Int.random(in: 0..<12, using: &node.generator) {
    case 0: header.height = Height(edgeNumbers.randomElement(using: &node.generator) ?? 0)
    case 1: header.parent = chain.blocks.randomElement(using: &node.generator)?.digest ?? otherDigest
    case 2, 3: header.parentResult = otherDigest
    case 4: header.timestamp = Timestamp(edgeNumbers.randomElement(using: &node.generator) ?? 0)
    case 5: header.timestamp = header.timestamp.advanced(byMilliseconds: 3_600_000)
    case 6: transactions += transactions
    case 7:
      // A transaction that is already in the chain.
      guard let block = chain.blocks.randomElement(using: &node.generator), block.count > 0 else { return }
      transactions.append(SignedTransaction(block.transaction(at: 0)))
    case 8: header.timestamp = Timestamp(header.timestamp.rawValue &- 5000)
    case 9: proposal.parent = View(UInt64.random(in: 0..<proposal.view.rawValue, using: &node.generator))
    default:
      // A valid block in the place of its parent, as if the parent's view had been given up.
      guard let parent = proposals[header.parent] else { return }
      header.height = parent.header.height
      header.parent = parent.header.parent
      header.parentResult = parent.header.parentResult
      proposal.parent = parent.proposal.parent
    }
  }

  /// Keeps an honest leader's proposal for `forge`.
  func recordProposal(_ vote: Vote, _ bytes: [UInt8]) {
    guard options.traitors > 0, options.traitorKind == .headers, let proposal = vote.statement.proposal,
      proposals[proposal.block] == nil,
      let block = try? Block(bytes: bytes, chain: population.chain, hash: &forgeHash)
    else { return }
    if proposals.count > 256 { proposals.removeAll() }
    proposals[block.digest] = (proposal, block.header)
  }

  private var edgeNumbers: [UInt64] {
    [0, 1, .max, .max - 1, 1 << 63, chain.height.rawValue, chain.height.rawValue &+ 2]
  }
}
