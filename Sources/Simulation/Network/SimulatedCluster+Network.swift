internal import Primitives
internal import Replica

// Links between running nodes, and the frames on them.
extension SimulatedCluster {
  /// Makes the link between two nodes, if both are running, know and may talk to each other.
  func connect(_ first: SimulatedNode, _ second: SimulatedNode) {
    guard let one = first.run, let other = second.run, first.seat != second.seat,
      let firstsPeer = one.peer(at: second.seat), let secondsPeer = other.peer(at: first.seat),
      isChosen(second, by: first), isChosen(first, by: second), !isSplit(first, second)
    else { return }
    if one.links[second.seat] === second, other.links[first.seat] === first { return }
    one.links[second.seat] = second
    other.links[first.seat] = first
    step(first, .connected(firstsPeer))
    step(second, .connected(secondsPeer))
  }

  func disconnect(_ first: SimulatedNode, _ second: SimulatedNode) {
    dropLink(first, to: second)
    dropLink(second, to: first)
  }

  private func dropLink(_ node: SimulatedNode, to other: SimulatedNode) {
    guard let run = node.run, run.links[other.seat] === other else { return }
    run.links[other.seat] = nil
    if let peer = run.peer(at: other.seat) { step(node, .disconnected(peer)) }
  }

  /// Whether the link between the two is cut in both directions.
  private func isSplit(_ first: SimulatedNode, _ second: SimulatedNode) -> Bool {
    links[first.number][second.number].isCut && links[second.number][first.number].isCut
  }

  /// Whether `other` talks to `node`, which it does unless it has chosen the other half of a pair of twins.
  private func isChosen(_ node: SimulatedNode, by other: SimulatedNode) -> Bool {
    guard let chosen = twinChoice[other.number][node.seat] else { return true }
    return chosen == node.number
  }

  /// Sends a frame to its receivers, after the oracles have seen it.
  func transmit(_ send: Send, from node: SimulatedNode, _ run: NodeRun) {
    if node.isHonest { observe(send, from: node) } else { node.remember(send.frame) }
    switch send.to {
    case .peer(let peer): if let seat = run.seat(of: peer) { pass(send.frame, from: node, run, to: seat) }
    case .all:
      for seat in population.seats where seat != node.seat {
        pass(send.frame, from: node, run, to: seat)
      }
    }
  }

  private func pass(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to seat: Int) {
    if node.isHonest || !options.traitorKind.altersFrames {
      carry(frame, from: node, run, to: seat)
    } else {
      carryAsTraitor(frame, from: node, run, to: seat)
    }
  }

  /// Sends a frame to the peer at a seat, through the node's machine if work has costs.
  func carry(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to seat: Int) {
    if let machine = run.machine { return queueFrame(frame, node, run, machine, to: seat) }
    travel(frame, from: node, run, to: seat)
  }

  /// Schedules the arrivals of a frame that has left its node.
  func travel(_ frame: [UInt8], from node: SimulatedNode, _ run: NodeRun, to seat: Int) {
    guard let target = run.links[seat], let other = target.run else { return }
    let arrivals = links[node.number][target.number].arrivals(
      of: options.sites?.quality(from: node.seat, to: seat) ?? quality, at: now, using: &networkGenerator)
    guard let first = arrivals.first else { return }
    let event: Event =
      other.machine == nil
      ? .frame(to: target.number, run: other.number, from: node.seat, bytes: frame)
      : .machine(node: target.number, run: other.number, .arrived(frame, from: node.seat))
    queue.push(event, at: first)
    if let second = arrivals.second { queue.push(event, at: second) }
  }
}
