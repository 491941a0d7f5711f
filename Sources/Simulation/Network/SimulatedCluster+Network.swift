internal import Primitives
internal import Replica

// Links between running nodes, and the frames on them.
extension SimulatedCluster {
  /// Makes the link between two nodes, if both are running and may talk to each other.
  func connect(_ first: SimulatedNode, _ second: SimulatedNode) {
    guard let one = first.run, let other = second.run, first.validator != second.validator,
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
    guard let run = node.run, run.links[other.validator] === other else { return }
    run.links[other.validator] = nil
    step(node, .disconnected(other.peer))
  }

  /// Whether the link between the two is cut in both directions.
  private func isSplit(_ first: SimulatedNode, _ second: SimulatedNode) -> Bool {
    links[first.number][second.number].isCut && links[second.number][first.number].isCut
  }

  /// Whether `other` talks to `node`, which it does unless it has chosen the other half of a pair of twins.
  private func isChosen(_ node: SimulatedNode, by other: SimulatedNode) -> Bool {
    guard let chosen = twinChoice[other.number][node.validator] else { return true }
    return chosen == node.number
  }

  /// Sends a frame to its receivers, after the oracles have seen it.
  func transmit(_ send: Send, from node: SimulatedNode, _ run: NodeRun) {
    if node.isHonest { observe(send, from: node) } else { node.remember(send.frame) }
    switch send.to {
    case .peer(let peer): pass(send.frame, from: node, run, to: ValidatorIndex(peer.rawValue))
    case .all:
      for peer in 0..<UInt16(options.validators) where peer != node.validator.rawValue {
        pass(send.frame, from: node, run, to: ValidatorIndex(peer))
      }
    }
  }

  private func pass(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: ValidatorIndex) {
    if node.isHonest || !options.traitorKind.altersFrames {
      carry(frame, from: node, run, to: peer)
    } else {
      carryAsTraitor(frame, from: node, run, to: peer)
    }
  }

  /// Sends a frame to a peer, through the node's machine if work has costs.
  func carry(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: ValidatorIndex) {
    if let machine = run.machine { return queueFrame(frame, node, run, machine, to: peer) }
    travel(frame, from: node, run, to: peer)
  }

  /// Schedules the arrivals of a frame that has left its node.
  func travel(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to peer: ValidatorIndex) {
    guard let target = run.links[peer], let other = target.run else { return }
    let arrivals = links[node.number][target.number].arrivals(
      of: options.sites?.quality(from: node.validator, to: peer) ?? quality, at: now, using: &networkGenerator)
    guard let first = arrivals.first else { return }
    let event: Event =
      other.machine == nil
      ? .frame(to: target.number, run: other.number, from: node.validator, bytes: frame)
      : .machine(node: target.number, run: other.number, .arrived(frame, from: node.validator))
    queue.push(event, at: first)
    if let second = arrivals.second { queue.push(event, at: second) }
  }
}
