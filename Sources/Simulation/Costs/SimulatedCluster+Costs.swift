internal import DequeModule
internal import NodeCore
internal import Primitives
internal import Replica

// Work that takes time on a node's machine.
extension SimulatedCluster {
  /// Puts an input into the inbox of the replica's thread. A second tick in the inbox would do nothing.
  func queueInput(_ input: ReplicaInput, _ node: SimulatedNode, _ run: NodeRun, _ machine: Machine) {
    if case .tick = input {
      if machine.hasTick { return }
      machine.hasTick = true
    }
    machine.inbox.append((input, now.nanoseconds))
    beginStep(node, run, machine)
  }

  /// Lets the replica process the next input. The effects become visible when the step's time is over.
  private func beginStep(_ node: SimulatedNode, _ run: NodeRun, _ machine: Machine) {
    guard !machine.isStepping, report.violation == nil, let next = machine.inbox.popFirst() else { return }
    machine.isStepping = true
    if case .tick = next.input { machine.hasTick = false }
    perform(next.input, node, run)
    let done = machine.replica.work(machine.cost(of: next.input, run.host.effects), from: next.since)
    push(.stepped, node, run, at: done)
  }

  /// Gives a request to the cores that check signatures. Returns false if work has no costs.
  func check(_ request: VerificationRequest, _ results: [Bool], _ node: SimulatedNode, _ run: NodeRun) -> Bool {
    guard let machine = run.machine else { return false }
    machine.checks.submit(request, results, at: now.nanoseconds)
    return true
  }

  func beginChecks(_ node: SimulatedNode, _ run: NodeRun) {
    guard let machine = run.machine else { return }
    while let piece = machine.checks.begin() { push(.checked(piece), node, run, at: piece.done) }
  }

  /// Gives a frame to the network thread, which encrypts it for the line.
  func queueFrame(
    _ frame: [UInt8], _ node: SimulatedNode, _ run: NodeRun, _ machine: Machine, to peer: Int
  ) {
    let done = machine.network.work(machine.costs.network(bytes: frame.count), from: now.nanoseconds)
    push(.encrypted(frame, to: peer), node, run, at: done)
  }

  private func beginSending(_ node: SimulatedNode, _ run: NodeRun, _ machine: Machine, at time: UInt64) {
    guard let piece = machine.outgoing.begin(at: time) else { return }
    push(.sent(piece), node, run, at: piece.done)
  }

  /// How long the next sync takes, in microseconds.
  func syncTime(_ node: SimulatedNode, _ run: NodeRun) -> UInt64 {
    guard let machine = run.machine else { return UInt64.random(in: node.syncDelay, using: &node.generator) }
    let done = machine.disk.work(machine.costs.sync(bytes: run.unsyncedBytes), from: now.nanoseconds)
    return Tick(nanoseconds: done).microseconds(since: now)
  }

  func handle(_ event: Machine.Event, _ node: SimulatedNode, _ run: NodeRun) {
    guard let machine = run.machine else { return }
    switch event {
    case .stepped:
      dispatch(node, run)
      // Not before `dispatch`, because the effects of all steps share one buffer.
      machine.isStepping = false
      beginStep(node, run, machine)
    case .checked(let piece):
      if let results = machine.checks.finish(piece) { step(node, .verified(piece.ticket, results)) }
      beginChecks(node, run)
    case .encrypted(let frame, let peer):
      machine.outgoing.enqueue(frame, to: peer)
      beginSending(node, run, machine, at: now.nanoseconds)
    case .sent(let piece):
      machine.outgoing.finish()
      if let frame = piece.frame {
        meter?.departed(frame, node: node.number, at: now)
        travel(frame, from: node, run, to: piece.peer)
      }
      beginSending(node, run, machine, at: piece.done)
    case .arrived(let frame, let peer):
      let done = machine.incoming.pass(machine.costs.line(bytes: frame.count), ending: now.nanoseconds)
      if done > now.nanoseconds {
        push(.received(frame, from: peer), node, run, at: done)
      } else {
        receive(frame, from: peer, node, run, machine)
      }
    case .received(let frame, let peer): receive(frame, from: peer, node, run, machine)
    }
  }

  private func receive(
    _ frame: [UInt8], from peer: Int, _ node: SimulatedNode, _ run: NodeRun, _ machine: Machine
  ) {
    let done = machine.network.work(machine.costs.network(bytes: frame.count), from: now.nanoseconds)
    queue.push(
      .frame(to: node.number, run: run.number, from: peer, bytes: frame), at: Tick(nanoseconds: done))
  }

  private func push(_ event: Machine.Event, _ node: SimulatedNode, _ run: NodeRun, at time: UInt64) {
    queue.push(.machine(node: node.number, run: run.number, event), at: Tick(nanoseconds: time))
  }
}
