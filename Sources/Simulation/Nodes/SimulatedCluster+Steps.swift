internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The inputs of nodes, and their effects.
extension SimulatedCluster {
  func step(_ node: SimulatedNode, _ input: ReplicaInput) {
    guard let run = node.run, report.violation == nil else { return }
    if let machine = run.machine { return queueInput(input, node, run, machine) }
    perform(input, node, run)
    if run.isHoldingEffects { return }
    guard let delay = options.handOutDelay, Bool.random(using: &node.generator) else { return dispatch(node, run) }
    run.isHoldingEffects = true
    queue.push(
      .handOut(node: node.number, run: run.number), at: later(UInt64.random(in: delay, using: &node.generator)))
  }

  /// Carries out the effects of earlier steps, if they wait.
  func handOut(_ node: SimulatedNode, _ run: NodeRun) {
    guard run.isHoldingEffects else { return }
    run.isHoldingEffects = false
    dispatch(node, run)
  }

  /// Makes the step and leaves its effects to `dispatch`.
  func perform(_ input: ReplicaInput, _ node: SimulatedNode, _ run: NodeRun) {
    report.inputs += 1
    mix(node, input)
    watch?(.input(node: node.number, run: run.number, input, node.clock.now(now)))
    run.host.step(input, now: node.clock.now(now))
    if options.stepsPerCheck > 0, report.inputs.isMultiple(of: options.stepsPerCheck) {
      run.replica.checkInvariants()
      checkBounds(node, run)
    }
  }

  private func mix(_ node: SimulatedNode, _ input: ReplicaInput) {
    hash.mix(now.rawValue)
    hash.mix(UInt64(node.number))
    switch input {
    case .frame(let from, let bytes):
      hash.mix(UInt64(from.rawValue))
      hash.mix(bytes)
    case .waste(let from, let bytes): hash.mix(UInt64(from.rawValue) << 32 | UInt64(bytes))
    case .submit(let submissions): for submission in submissions { hash.mix(submission.bytes) }
    case .verified(_, let results): hash.mix(UInt64(results.count))
    case .durable(let position): hash.mix(position.rawValue)
    case .connected(let peer), .disconnected(let peer), .keyReported(let peer): hash.mix(UInt64(peer.rawValue) << 8)
    case .resumeSnapshot(let manifest, _): hash.mix(manifest)
    case .snapshotFailed(let height): hash.mix(height.rawValue)
    case .newKey(let key), .droppedKey(let key): hash.mix(key.bytes)
    case .repaired(let meaning): hash.mix(meaning.encoded())
    case .signed(let request, _): hash.mix(request.statement.encoded())
    case .signerAway, .signerBack: hash.mix(2)
    case .tick, .logFailed: hash.mix(1)
    }
  }

  func wake(_ node: SimulatedNode, _ run: NodeRun) {
    guard let scheduled = run.wakeAt, scheduled <= now else { return }
    run.wakeAt = nil
    // With a deadline that is never in the future, the thread of a real node would spin.
    if now.microseconds(since: run.lastWake) > 10 { run.idleWakes = 0 }
    run.idleWakes += 1
    run.lastWake = now
    if run.idleWakes > 1000 { fail("node \(node.number) asks to be woken up endlessly at \(now.rawValue)") }
    step(node, .tick)
  }

  /// Carries out the effects of the latest steps, and schedules what follows from them.
  func dispatch(_ node: SimulatedNode, _ run: NodeRun) {
    // An effect may lead to another dispatch, which then takes another buffer.
    let buffer = spareBuffers.popLast() ?? EffectBuffer()
    run.host.handOut(to: buffer)
    carryOut(buffer, node, run)
    buffer.removeAll()
    spareBuffers.append(buffer)
    beginChecks(node, run)
    scheduleCopy(node, run)
    runSnapshots(node, run)
    write(node, run)
    scheduleWake(node, run)
  }

  func carryOut(_ buffer: EffectBuffer, _ node: SimulatedNode, _ run: NodeRun) {
    // A certificate of the next epoch may stand beside the block that begins it.
    for case .commits(let commits) in buffer.effects { for commit in commits { observe(commit, at: node) } }
    for effect in buffer.effects {
      switch effect {
      case .records(let records):
        for record in records { observe(record, at: node) }
        run.diskQueue.append(.append(records))
      case .sign(let request): sign(request, node, run)
      case .commits(let commits):
        meter?.committed(commits, node: node.number, at: now)
        run.diskQueue.append(.commit(commits))
        for commit in commits { if let rows = commit.rows { run.view.apply(rows) } }
        if let last = commits.last { compareReads(node, run, at: last.height) }
      case .sends(let sends): for send in sends { transmit(send, from: node, run) }
      case .verify(let request): verify(request, node, run)
      case .hurry(let ticket): run.machine?.checks.hurry(ticket)
      case .dropChecks(let peer, let ticket): run.machine?.checks.drop(of: peer, through: ticket)
      case .closings(let closings):
        for closing in closings { run.index.note(closing) }
        run.diskQueue.append(.keep(closings))
      case .serve(let request): receive(request, node, run)
      case .snapshot(let command): run.snapshotQueue.append(command)
      case .answer(let answer): check(answer, from: node)
      case .notice(let notice): observe(notice, at: node)
      case .peers(let peers): know(peers, node, run)
      }
    }
  }

  private func verify(_ request: VerificationRequest, _ node: SimulatedNode, _ run: NodeRun) {
    let results = request.results { trustsSignatures || ring.holds($0) }
    if let watch { for (item, holds) in zip(request.items, results) where holds { watch(.genuine(item)) } }
    if check(request, results, node, run) { return }
    let delay = UInt64.random(in: options.verifyDelay, using: &node.generator)
    queue.push(.verified(node: node.number, run: run.number, request.ticket, results), at: later(delay))
  }

  private func scheduleWake(_ node: SimulatedNode, _ run: NodeRun) {
    guard run.machine?.hasTick != true, let deadline = run.replica.nextDeadline else { return }
    let tick = max(node.clock.tick(of: deadline), later(1))
    if let scheduled = run.wakeAt, scheduled <= tick { return }
    run.wakeAt = tick
    queue.push(.wake(node: node.number, run: run.number), at: tick)
  }

  func resume(_ node: SimulatedNode, _ run: NodeRun) {
    guard node.isPaused else { return }
    node.isPaused = false
    let backlog = run.backlog
    run.backlog.removeAll()
    for event in backlog { queue.push(event, at: now) }
  }
}
