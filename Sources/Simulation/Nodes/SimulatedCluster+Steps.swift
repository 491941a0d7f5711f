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
    life.host.step(input, now: node.clock.now(now))
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

  /// Carries out the effects of steps.
  func dispatch(_ node: SimulatedNode, _ life: NodeRun) {
    let handed = EffectBuffer()
    life.host.handOut(to: handed)
    carryOut(handed, node, life)
    beginChecks(node, life)
    scheduleCopy(node, life)
    runSnapshots(node, life)
    write(node, life)
    scheduleWake(node, life)
  }

  func carryOut(_ handed: EffectBuffer, _ node: SimulatedNode, _ life: NodeRun) {
    for effect in handed.effects {
      switch effect {
      case .records(let records):
        for record in records { observe(record, at: node) }
        life.diskQueue.append(.append(records))
      case .commits(let commits):
        for commit in commits { observe(commit, at: node) }
        meter?.committed(commits, node: node.number, at: now)
        life.diskQueue.append(.commit(commits))
        if let last = commits.last { compareReads(node, life, at: last.height) }
      case .sends(let sends): for send in sends { transmit(send, from: node, life) }
      case .verify(let request): verify(request, node, life)
      case .hurry(let ticket): life.machine?.checks.hurry(ticket)
      case .serve(let request): receive(request, node, life)
      case .snapshot(let command): life.snapshotQueue.append(command)
      case .answer(let answer): check(answer, from: node)
      case .notice(let notice): observe(notice, at: node)
      }
    }
  }

  private func verify(_ request: VerificationRequest, _ node: SimulatedNode, _ life: NodeRun) {
    let results = request.items.map { trustsSignatures || ring.holds($0) }
    if let watch { for (item, holds) in zip(request.items, results) where holds { watch(.genuine(item)) } }
    if check(request, results, node, life) { return }
    let delay = UInt64.random(in: options.verifyDelay, using: &node.generator)
    queue.push(.verified(node: node.number, life: life.number, request.ticket, results), at: later(delay))
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
