internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The vote keys of nodes, which change as those of a real node do: the next one lies beside the present one until the chain
// names it.
extension SimulatedCluster {
  /// Whether the log of the node is made by its operator together with its key, so that it may vote at once.
  func isFounded(_ node: SimulatedNode) -> Bool {
    node.seat < options.validators || node.seat.isMultiple(of: 2)
  }

  /// Lets the thread for the keys look after them, in runs in which they can change.
  func scheduleKeys(_ node: SimulatedNode) {
    guard options.setPause != nil, let run = node.run, !run.keys.isScheduled else { return }
    run.keys.isScheduled = true
    queue.push(
      .keys(node: node.number, run: run.number), at: later(UInt64.random(in: 1...20_000, using: &operatorGenerator)))
  }

  /// Does what is due with the keys. Its disk for keys never fails.
  func attendKeys(_ node: SimulatedNode, _ run: NodeRun) {
    run.keys.isScheduled = false
    while run === node.run, let action = run.keys.life.due() {
      switch action {
      case .generate:
        let key = ring.makeKey()
        run.keys.life.generated(key)
        step(node, .newKey(key))
      case .complete(let key):
        run.keys.life.completed()
        node.keys.next = key
        node.trustedKeys.insert(key)
      case .succeed(let next):
        let old = run.keys.life.succeeded()
        node.keys = HeldKeys(next)
        run.signer.drop(old)
        count("vote keys destroyed")
        trace.add(now, "node \(node.number) destroys its vote key of before")
        step(node, .droppedKey(old))
      }
    }
  }

  /// Notes that the record of a key is durable.
  func recorded(_ key: PublicKey, _ node: SimulatedNode) {
    node.run?.keys.life.record(key)
    scheduleKeys(node)
  }

  // MARK: The directory

  /// Whether the chain's directory lists the node at a seat.
  func isListed(_ seat: Int) -> Bool { chain.model.directory[Population.nodeName(seat)] != nil }

  /// The seats of peers: those of their names, or of the pins of bootstrap peers.
  func seated(_ peers: [KnownPeer]) -> [(id: PeerID, seat: Int)] {
    peers.compactMap { peer in
      let seat =
        population.seat(of: "\(peer.node.name)")
        ?? population.seats.first { peer.node.pins.contains(Population.pin(ofSeat: $0, 1)) }
      return seat.map { (peer.id, $0) }
    }
  }

  /// Takes over the nodes that may be linked, and soon links those that are not.
  func know(_ peers: [KnownPeer], _ node: SimulatedNode, _ run: NodeRun) {
    let before = run.links.mapValues { run.peer(at: $0.seat) }
    run.know(seated(peers), seats: population.seats.count)
    // A bootstrap peer is another peer once the directory lists it.
    for seat in run.links.keys.sorted() where run.peer(at: seat) == nil || run.peer(at: seat) != before[seat] {
      if let other = run.links[seat] { disconnect(node, other) }
    }
    for other in nodes where other !== node && run.links[other.seat] == nil && run.peer(at: other.seat) != nil {
      queue.push(.link(node.number, other.number), at: later(UInt64.random(in: 100...20_000, using: &networkGenerator)))
    }
  }
}
