internal import DequeModule
internal import NodeCore
internal import Primitives
internal import Replica

// Work that takes its time on a node's machine.
extension SimulatedCluster {
  /// An input waits for the replica's thread.
  func queueInput(_ input: ReplicaInput, _ node: SimulatedNode, _ life: NodeRun, _ machine: Machine) {
    if case .tick = input {
      if machine.hasTick { return }
      machine.hasTick = true
    }
    machine.inbox.append((input, now.nanoseconds))
    beginStep(node, life, machine)
  }

  /// The replica takes the next input now; what it leads to shows when the step's time is over.
  private func beginStep(_ node: SimulatedNode, _ life: NodeRun, _ machine: Machine) {
    guard !machine.isStepping, report.violation == nil, let next = machine.inbox.popFirst() else { return }
    machine.isStepping = true
    if case .tick = next.input { machine.hasTick = false }
    perform(next.input, node, life)
    let done = machine.replica.work(machine.cost(of: next.input, life.host.effects), from: next.since)
    push(.stepped, node, life, at: done)
  }

  func check(_ request: VerificationRequest, _ results: [Bool], _ node: SimulatedNode, _ life: NodeRun) -> Bool {
    guard let machine = life.machine else { return false }
    machine.checks.submit(request.ticket, results, request.urgency, at: now.nanoseconds)
    return true
  }

  func beginChecks(_ node: SimulatedNode, _ life: NodeRun) {
    guard let machine = life.machine else { return }
    while let piece = machine.checks.begin() { push(.checked(piece), node, life, at: piece.done) }
  }

  /// A frame waits for the network thread, then for the line.
  func queueFrame(
    _ frame: [UInt8], _ node: SimulatedNode, _ life: NodeRun, _ machine: Machine, to peer: ValidatorIndex
  ) {
    let done = machine.network.work(machine.costs.network(bytes: frame.count), from: now.nanoseconds)
    push(.encrypted(frame, to: peer), node, life, at: done)
  }

  private func beginSending(_ node: SimulatedNode, _ life: NodeRun, _ machine: Machine, at time: UInt64) {
    guard let piece = machine.outgoing.begin(at: time) else { return }
    push(.sent(piece), node, life, at: piece.done)
  }

  /// How long a sync takes, in microseconds.
  func syncTime(_ node: SimulatedNode, _ life: NodeRun) -> UInt64 {
    guard let machine = life.machine else { return UInt64.random(in: node.syncDelay, using: &node.generator) }
    let done = machine.disk.work(machine.costs.sync(bytes: life.unsyncedBytes), from: now.nanoseconds)
    return Tick(nanoseconds: done).microseconds(since: now)
  }

  func handle(_ event: Machine.Event, _ node: SimulatedNode, _ life: NodeRun) {
    guard let machine = life.machine else { return }
    switch event {
    case .stepped:
      dispatch(node, life)
      // Only now, because the step's effects share one buffer.
      machine.isStepping = false
      beginStep(node, life, machine)
    case .checked(let piece):
      if let results = machine.checks.finish(piece) { step(node, .verified(piece.ticket, results)) }
      beginChecks(node, life)
    case .encrypted(let frame, let peer):
      machine.outgoing.put(frame, to: peer)
      beginSending(node, life, machine, at: now.nanoseconds)
    case .sent(let piece):
      machine.outgoing.finish()
      if let frame = piece.frame {
        meter?.left(frame, node: node.number, at: now)
        travel(frame, from: node, life, to: piece.peer)
      }
      beginSending(node, life, machine, at: piece.done)
    case .arrived(let frame, let peer):
      let done = machine.incoming.pass(machine.costs.line(bytes: frame.count), ending: now.nanoseconds)
      if done > now.nanoseconds {
        push(.received(frame, from: peer), node, life, at: done)
      } else {
        receive(frame, from: peer, node, life, machine)
      }
    case .received(let frame, let peer): receive(frame, from: peer, node, life, machine)
    }
  }

  private func receive(
    _ frame: [UInt8], from peer: ValidatorIndex, _ node: SimulatedNode, _ life: NodeRun, _ machine: Machine
  ) {
    let done = machine.network.work(machine.costs.network(bytes: frame.count), from: now.nanoseconds)
    queue.push(
      .frame(to: node.number, life: life.number, from: peer, bytes: frame), at: Tick(nanoseconds: done))
  }

  private func push(_ event: Machine.Event, _ node: SimulatedNode, _ life: NodeRun, at time: UInt64) {
    queue.push(.machine(node: node.number, life: life.number, event), at: Tick(nanoseconds: time))
  }
}
