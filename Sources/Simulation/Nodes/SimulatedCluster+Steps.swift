internal import BlockLog
internal import Cryptography
internal import NodeCore
internal import Primitives
internal import Replica

// Giving nodes inputs, and carrying out what they ask for.
extension SimulatedCluster {
  func step(_ node: SimulatedNode, _ input: ReplicaInput) {
    guard let life = node.life, report.violation == nil else { return }
    if let machine = life.machine { return queueInput(input, node, life, machine) }
    perform(input, node, life)
    if life.isHolding { return }
    guard let delay = options.handOutDelay, Bool.random(using: &node.generator) else { return dispatch(node, life) }
    life.isHolding = true
    queue.push(
      .handOut(node: node.number, life: life.number), at: later(UInt64.random(in: delay, using: &node.generator)))
  }

  /// Ends a wait of effects, if there is one.
  func handOut(_ node: SimulatedNode, _ life: NodeRun) {
    guard life.isHolding else { return }
    life.isHolding = false
    dispatch(node, life)
  }

  /// The step itself: its effects are left for `dispatch`.
  func perform(_ input: ReplicaInput, _ node: SimulatedNode, _ life: NodeRun) {
    report.inputs += 1
    mix(node, input)
    watch?(.input(node: node.number, life: life.number, input, node.clock.now(now)))
    life.replica.step(input, now: node.clock.now(now), effects: &life.effects)
    if options.stepsPerCheck > 0, report.inputs.isMultiple(of: options.stepsPerCheck) {
      life.replica.checkInvariants()
      checkBounds(node, life)
    }
  }

  private func mix(_ node: SimulatedNode, _ input: ReplicaInput) {
    hash.mix(now.rawValue)
    hash.mix(UInt64(node.number))
    switch input {
    case .frame(let from, let bytes):
      hash.mix(UInt64(from.rawValue))
      hash.mix(bytes)
    case .submit(let submissions): for submission in submissions { hash.mix(submission.bytes) }
    case .verified(_, let results): hash.mix(UInt64(results.count))
    case .durable(let position): hash.mix(position.rawValue)
    case .connected(let peer), .disconnected(let peer): hash.mix(UInt64(peer.rawValue) << 8)
    case .resumeSnapshot(let manifest, _): hash.mix(manifest)
    case .snapshotFailed(let height): hash.mix(height.rawValue)
    case .tick, .logFailed: hash.mix(1)
    }
  }

  func wake(_ node: SimulatedNode, _ life: NodeRun) {
    guard let wanted = life.wakeAt, wanted <= now else { return }
    life.wakeAt = nil
    // A deadline that is never in the future would keep a real node's thread spinning.
    if now.microseconds(since: life.lastWake) > 10 { life.idleWakes = 0 }
    life.idleWakes += 1
    life.lastWake = now
    if life.idleWakes > 1000 { fail("node \(node.number) wants to be woken up without end at \(now.rawValue)") }
    step(node, .tick)
  }

  /// Carries out the effects of a step, records first.
  func dispatch(_ node: SimulatedNode, _ life: NodeRun) {
    for notice in life.effects.notices { observe(notice, at: node) }
    if !life.effects.records.isEmpty {
      for record in life.effects.records { observe(record, at: node) }
      life.diskQueue.append(.append(life.effects.records))
    }
    if !life.effects.commits.isEmpty {
      for commit in life.effects.commits { observe(commit, at: node) }
      meter?.committed(life.effects.commits, node: node.number, at: now)
      life.diskQueue.append(.commit(life.effects.commits))
      if let last = life.effects.commits.last { compareReads(node, life, at: last.height) }
    }
    release(node, life)
    for request in life.effects.verifications {
      let results = request.items.map { trustsSignatures || ring.holds($0) }
      if let watch { for (item, holds) in zip(request.items, results) where holds { watch(.genuine(item)) } }
      if check(request, results, node, life) { continue }
      let delay = UInt64.random(in: options.verifyDelay, using: &node.generator)
      queue.push(.verified(node: node.number, life: life.number, request.ticket, results), at: later(delay))
    }
    beginChecks(node, life)
    for request in life.effects.ranges {
      queue.push(.range(node: node.number, life: life.number, request), at: later(500))
    }
    for request in life.effects.snapshotRequests {
      queue.push(.snapshotRequest(node: node.number, life: life.number, request), at: later(500))
    }
    for step in life.effects.snapshotSteps { take(step, node, life) }
    for answer in life.effects.answers { check(answer, from: node) }
    life.effects.removeAll()
    noticePin(node, life)
    write(node, life)
    scheduleWake(node, life)
  }

  private func release(_ node: SimulatedNode, _ life: NodeRun) {
    for send in life.outbox.release(life.effects.sends, durable: life.replica.durablePosition) {
      transmit(send, from: node, life)
    }
  }

  private func scheduleWake(_ node: SimulatedNode, _ life: NodeRun) {
    guard life.machine?.hasTick != true, let deadline = life.replica.nextDeadline else { return }
    let tick = max(node.clock.tick(of: deadline), later(1))
    if let scheduled = life.wakeAt, scheduled <= tick { return }
    life.wakeAt = tick
    queue.push(.wake(node: node.number, life: life.number), at: tick)
  }

  func resume(_ node: SimulatedNode, _ life: UInt32) {
    guard let run = node.life, run.number == life, node.isPaused else { return }
    node.isPaused = false
    let backlog = run.backlog
    run.backlog.removeAll()
    for event in backlog { queue.push(event, at: now) }
  }
}
