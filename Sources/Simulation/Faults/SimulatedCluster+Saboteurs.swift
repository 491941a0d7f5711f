internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// Traitors that hide what others need: to lead the next view, or to catch up.
extension SimulatedCluster {
  private var retryInterval: UInt64 { configuration.retryInterval }

  /// As leader, keeps the next leader from its turn.
  func carryStarving(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: Int) {
    switch try? PeerMessage(frame) {
    case .proposal(let vote, _)? where leader(after: vote.statement.round) == peer:
      count("traitor: hidden proposals")
      guard Int.random(in: 0..<4, using: &node.generator) == 0 else { return }
      carry(PeerMessage.vote(vote).encoded(), from: node, run, to: peer)
    case .vote(let vote)? where vote.statement.kind == .finalize: count("traitor: withheld votes")
    case .certificate?, .block?: count("traitor: withheld answers")
    default: carry(frame, from: node, run, to: peer)
    }
  }

  /// Sends a frame, and much that is of no use: the same again, questions, old frames, and chunks that nobody asked for.
  func carryFlooding(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: Int) {
    carry(frame, from: node, run, to: peer)
    for _ in 0..<options.floodFrames {
      count("traitor: useless frames")
      carry(useless(frame, node), from: node, run, to: peer)
    }
  }

  private func useless(_ frame: [UInt8], _ node: SimulatedNode) -> [UInt8] {
    let height = Height(UInt64.random(in: 1...max(1, chain.height.rawValue), using: &node.generator))
    switch Int.random(in: 0..<7, using: &node.generator) {
    case 0: return frame
    case 5: return PeerMessage.chunk(height, index: 0, bytes: Array(repeating: 0, count: 1 << 16)).encoded()
    case 1: return PeerMessage.fetchRange(from: height).encoded()
    case 2: return PeerMessage.fetchFinal(height).encoded()
    case 3:
      return PeerMessage.fetchCertificates(
        of: votes.highestFinalized.epoch, from: View(1), to: votes.highestFinalized.view
      ).encoded()
    case 4:
      let block = chain.blocks.randomElement(using: &node.generator)?.digest ?? Digest(1, 2, 3, 4)
      return PeerMessage.fetchBlock(block).encoded()
    default: return node.sent.randomElement(using: &node.generator) ?? frame
    }
  }

  /// Proposes in one view of eight, for half of the peers as late as they wait; keeps all else that it should do.
  func carryIdle(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: Int) {
    let own: Vote
    switch try? PeerMessage(frame) {
    case .proposal(let vote, _)?: own = vote
    case .vote(let vote)?: own = vote
    default: return carry(frame, from: node, run, to: peer)
    }
    guard own.statement.kind == .notarize, leader(of: own.statement.round) == node.seat else {
      return carry(frame, from: node, run, to: peer)
    }
    let turn = own.statement.view.rawValue / UInt64(newestSet.seats.count)
    guard turn.isMultiple(of: 8) else { return count("traitor: withheld proposals") }
    count("traitor: late proposals")
    let delay = peer.isMultiple(of: 2) ? 2 * configuration.delta : 0
    queue.push(.late(from: node.number, run: run.number, to: peer, bytes: frame), at: later(delay))
  }

  /// Claims a height that nobody has, or hides proposals from the next validator.
  func carryAsSaboteur(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: Int) {
    switch try? PeerMessage(frame) {
    case .status(var status)? where options.traitorKind == .captureSync:
      count("traitor: false heights")
      status.height = Height(status.height.rawValue + 1_000_000)
      carry(PeerMessage.status(status).encoded(), from: node, run, to: peer)
    case .proposal? where peer == (node.seat + 1) % options.validators:
      count("traitor: hidden proposals")
    default: carry(frame, from: node, run, to: peer)
    }
  }

  /// Answers a peer that catches up, with what a correct node would have answered.
  func sabotage(_ message: PeerMessage, to request: PeerRequest, _ node: SimulatedNode, _ run: NodeRun) {
    guard let peer = run.seat(of: request.peer) else { return }
    func send(_ message: PeerMessage, after microseconds: UInt64) {
      queue.push(
        .late(from: node.number, run: run.number, to: peer, bytes: message.encoded()), at: later(microseconds))
    }
    switch (options.traitorKind, message) {
    case (.captureSync, .range):
      count("traitor: manifests instead of blocks")
      guard case .range(let range) = request, let manifest = manifest(above: range.from, node) else { return }
      send(.snapshot(manifest), after: 0)
    case (.captureSync, .chunk):
      count("traitor: withheld chunks")
      if Int.random(in: 0..<4, using: &node.generator) == 0 { send(message, after: 15 * retryInterval) }
    case (.dripSync, .range(let range)):
      count("traitor: single blocks")
      send(
        .range(single(range)), after: (retryInterval / 2 - 10_000) << UInt64.random(in: 0...3, using: &node.generator))
    case (.dripSync, .chunk):
      count("traitor: late chunks")
      send(message, after: 15 * retryInterval)
    default: carry(message.encoded(), from: node, run, to: peer)
    }
  }

  private func manifest(above height: Height, _ node: SimulatedNode) -> [UInt8]? {
    let store = snapshotStore(of: node)
    guard let newest = try? store.heights().last, newest >= height else { return nil }
    return try? store.open(newest).manifestBytes
  }

  /// The first block of a range, with the same proof.
  private func single(_ range: BlockRange) -> BlockRange {
    let headers = range.blocks.dropFirst().map { Array($0.prefix(BlockHeader.byteCount)) } + range.headers
    guard headers.count <= Limits.syncHeaders else { return range }
    return BlockRange(blocks: Array(range.blocks.prefix(1)), headers: headers, finalization: range.finalization)
  }
}
