internal import Primitives
internal import Replica

// Links between running nodes, and frames on them.
extension SimulatedCluster {
  /// Makes the link between two nodes, if both run and may talk to each other.
  func connect(_ first: SimulatedNode, _ second: SimulatedNode) {
    guard let one = first.life, let other = second.life, first.validator != second.validator,
      isChosen(second, by: first), isChosen(first, by: second), !isSplit(first, second)
    else { return }
    if one.links[second.validator] === second, other.links[first.validator] === first { return }
    one.links[second.validator] = second
    other.links[first.validator] = first
    step(first, .connected(second.peer))
    step(second, .connected(first.peer))
  }

  func disconnect(_ first: SimulatedNode, _ second: SimulatedNode) {
    dropLink(first, to: second)
    dropLink(second, to: first)
  }

  private func dropLink(_ node: SimulatedNode, to other: SimulatedNode) {
    guard let life = node.life, life.links[other.validator] === other else { return }
    life.links[other.validator] = nil
    step(node, .disconnected(other.peer))
  }

  /// Nothing passes between them in either direction.
  private func isSplit(_ first: SimulatedNode, _ second: SimulatedNode) -> Bool {
    links[first.number][second.number].isCut && links[second.number][first.number].isCut
  }

  /// Whether `node` talks to this half of a pair of twins.
  private func isChosen(_ node: SimulatedNode, by other: SimulatedNode) -> Bool {
    guard let chosen = twinChoice[other.number][node.validator] else { return true }
    return chosen == node.number
  }

  /// A frame leaves its node: the oracles look at it, then it travels.
  func transmit(_ send: Send, from node: SimulatedNode, _ life: NodeRun) {
    if node.isHonest { observe(send, from: node) } else { node.remember(send.frame) }
    switch send.to {
    case .peer(let peer): hand(send.frame, from: node, life, to: ValidatorIndex(peer.rawValue))
    case .all:
      for peer in 0..<UInt16(options.validators) where peer != node.validator.rawValue {
        hand(send.frame, from: node, life, to: ValidatorIndex(peer))
      }
    }
  }

  private func hand(_ frame: [UInt8], from node: SimulatedNode, _ life: NodeRun, to peer: ValidatorIndex) {
    if node.isHonest || !options.sabotage.isWrapper {
      carry(frame, from: node, life, to: peer)
    } else {
      betray(frame, from: node, life, to: peer)
    }
  }

  func carry(_ frame: [UInt8], from node: SimulatedNode, _ life: NodeRun, to peer: ValidatorIndex) {
    if let machine = life.machine { return queueFrame(frame, node, life, machine, to: peer) }
    travel(frame, from: node, life, to: peer)
  }

  /// A frame has left its node.
  func travel(_ frame: [UInt8], from node: SimulatedNode, _ life: NodeRun, to peer: ValidatorIndex) {
    guard let target = life.links[peer], let other = target.life else { return }
    let arrivals = links[node.number][target.number].arrivals(
      of: options.sites?.quality(from: node.validator, to: peer) ?? quality, at: now, using: &networkGenerator)
    guard let first = arrivals.first else { return }
    let event: Event =
      other.machine == nil
      ? .frame(to: target.number, life: other.number, from: node.validator, bytes: frame)
      : .machine(node: target.number, life: other.number, .arrived(frame, from: node.validator))
    queue.push(event, at: first)
    if let second = arrivals.second { queue.push(event, at: second) }
  }
}
