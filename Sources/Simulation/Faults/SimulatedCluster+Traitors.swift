internal import Ledger
internal import Primitives
internal import Replica

// Twins and noisy traitors.
extension SimulatedCluster {
  /// Lets every node talk to one half of each pair of twins.
  func pairTwins() {
    for node in nodes {
      for seat in twinned {
        let halves = nodes.filter { $0.seat == seat }
        twinChoice[node.number][seat] = halves.randomElement(using: &chaosGenerator)?.number
      }
    }
  }

  private var twinned: [Int] {
    guard options.traitorKind == .twins else { return [] }
    return Array(options.validators - options.traitors..<options.validators)
  }

  /// Lets one node talk to the other half of a pair of twins.
  func swapTwin() {
    guard let seat = twinned.randomElement(using: &chaosGenerator),
      let node = nodes.filter({ $0.seat != seat }).randomElement(using: &chaosGenerator),
      let chosen = twinChoice[node.number][seat],
      let other = nodes.first(where: { $0.seat == seat && $0.number != chosen })
    else { return }
    count("traitor: changed halves")
    disconnect(node, nodes[chosen])
    twinChoice[node.number][seat] = other.number
    queue.push(.link(node.number, other.number), at: later(100))
  }

  /// Sends a frame that no honest validator would send to one peer, and schedules the next one.
  func sendNoise(_ node: SimulatedNode, _ run: NodeRun) {
    let pause: ClosedRange<UInt64> = isHealed ? 50_000...400_000 : 500...50_000
    queue.push(
      .noise(node: node.number, run: run.number), at: later(UInt64.random(in: pause, using: &node.generator)))
    guard let peer = run.links.keys.sorted().randomElement(using: &node.generator) else { return }
    count("traitor: impossible frames")
    carry(noiseFrame(node, run), from: node, run, to: peer)
  }

  private func noiseFrame(_ node: SimulatedNode, _ run: NodeRun) -> [UInt8] {
    switch Int.random(in: 0..<9, using: &node.generator) {
    case 0:
      return (0..<Int.random(in: 0...300, using: &node.generator)).map { _ in
        UInt8.random(in: 0...255, using: &node.generator)
      }
    case 1, 2: return mutated(node)
    case 3: return node.sent.randomElement(using: &node.generator) ?? []
    case 4: return PeerMessage.vote(randomVote(node, run)).encoded()
    case 5: return PeerMessage.certificate(randomCertificate(node, run)).encoded()
    case 6:
      return PeerMessage.status(
        PeerStatus(
          epoch: epoch(near: node), view: View(edge(node)), finalizedView: View(edge(node)), height: Height(edge(node)))
      ).encoded()
    case 7: return PeerMessage.fetchClosings(from: epoch(near: node)).encoded()
    default:
      return Bool.random(using: &node.generator)
        ? PeerMessage.fetchCertificates(of: epoch(near: node), from: View(edge(node)), to: View(edge(node))).encoded()
        : PeerMessage.fetchRange(from: Height(edge(node))).encoded()
    }
  }

  private func mutated(_ node: SimulatedNode) -> [UInt8] {
    guard var frame = node.sent.randomElement(using: &node.generator), !frame.isEmpty else { return [1] }
    for _ in 0..<Int.random(in: 1...4, using: &node.generator) {
      let place = Int.random(in: 0..<frame.count, using: &node.generator)
      frame[place] = UInt8.random(in: 0...255, using: &node.generator)
    }
    if Int.random(in: 0..<4, using: &node.generator) == 0 {
      frame.removeLast(Int.random(in: 0...frame.count / 2, using: &node.generator))
    }
    return frame
  }

  /// A number at which arithmetic might overflow, or near the current view.
  private func edge(_ node: SimulatedNode) -> UInt64 {
    let view = node.run?.replica.status.view.rawValue ?? 1
    return [0, 1, .max, .max - 1, 1 << 63, 1 << 32, view, view + 1, view + 2, node.generator.next()]
      .randomElement(using: &node.generator) ?? 0
  }

  /// An epoch near the node's own, or the last that can be told.
  private func epoch(near node: SimulatedNode) -> Epoch {
    let own = node.run?.replica.status.epoch.rawValue ?? 0
    switch Int.random(in: 0..<8, using: &node.generator) {
    case 0: return Epoch(own &- 1)
    case 1: return Epoch(own + 1)
    case 2: return Epoch(.max)
    default: return Epoch(own)
    }
  }

  /// A validly signed vote for a random statement about a view near the current one.
  private func randomVote(_ node: SimulatedNode, _ run: NodeRun) -> Vote {
    let current = run.replica.status.view.rawValue
    let epoch = epoch(near: node)
    let view = View(max(1, current &+ UInt64.random(in: 0...3, using: &node.generator) &- 1))
    let proposal = Proposal(
      epoch: epoch, view: view, parent: View(UInt64.random(in: 0..<view.rawValue, using: &node.generator)),
      block: chain.blocks.randomElement(using: &node.generator)?.digest ?? .zero)
    let statement: Statement
    switch Int.random(in: 0..<3, using: &node.generator) {
    case 0: statement = .notarize(proposal)
    case 1: statement = .nullify(epoch: epoch, view: view)
    default: statement = .finalize(proposal, result: Digest(node.generator.next(), 0, 0, 0))
    }
    return sign(statement, as: node)
  }

  /// A certificate that repeats the traitor's own signature in the name of about a quorum.
  private func randomCertificate(_ node: SimulatedNode, _ run: NodeRun) -> Certificate {
    let vote = randomVote(node, run)
    // Or a certificate with the traitor's valid signature only.
    if Int.random(in: 0..<4, using: &node.generator) == 0 {
      return Certificate(statement: vote.statement, signers: [vote.signer], signatures: [vote.signature])
    }
    let validators = newestSet.validators.count
    let count = newestSet.validators.quorum.size + Int.random(in: -1...1, using: &node.generator)
    let signers = (0..<max(1, min(count, validators))).map { ValidatorIndex(UInt16($0)) }
    return Certificate(
      statement: vote.statement, signers: signers, signatures: signers.map { _ in vote.signature })
  }
}
