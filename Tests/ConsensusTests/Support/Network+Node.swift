import Consensus
import Primitives

/// What the replica would do: log, execution, restart.
extension Network {
  func configuration(_ validator: Int) -> ConsensusConfiguration {
    ConsensusConfiguration(
      validators: validatorSet(settings.validators), own: ValidatorIndex(UInt16(validator)),
      genesisBlock: Self.genesis, deltaMicroseconds: settings.delta, maximumDeltaMicroseconds: settings.cap,
      retryMicroseconds: settings.retry, silenceMicroseconds: settings.silence)
  }

  /// Starts an instance from what its log holds.
  func start(_ index: Int) {
    instances[index].life += 1
    instances[index].scheduled = nil
    var restored = RestoredConsensus()
    for record in instances[index].log {
      switch record {
      case .vote(let vote):
        // A traitor forgets what it said.
        if !instances[index].byzantine && !forgets(vote.statement) { restored.ownVotes.append(vote) }
      case .certificate(let certificate):
        if certificate.kind == .finalize, certificate.view > restored.finalization?.view ?? .genesis {
          restored.finalization = certificate
        }
        restored.certificates.append(certificate)
      }
    }
    let machine = Consensus(configuration(instances[index].validator), restored: restored, now: Tick(now))
    machine.checkInvariants()
    instances[index].view = machine.view
    instances[index].machine = machine
    feed(index, .tick)
    if let proposal = restored.finalization?.statement.proposal { apply(proposal, index) }
    feed(index, .work(!instances[index].pool.isEmpty))
  }

  private func forgets(_ statement: Statement) -> Bool {
    switch settings.defect {
    case .forgetOwnVotes: true
    case .forgetNullifies: statement.kind == .nullify
    case .proposeAgain: statement.kind == .notarize
    case .sendBeforeSync, .countTwice, nil: false
    }
  }

  /// Power fails: of what is not durable a random prefix survives. The transactions that wait are lost.
  func crash(_ index: Int) {
    guard instances[index].machine != nil else { return }
    let tail = instances[index].log.count - instances[index].durable
    let kept = instances[index].durable + Int(draw(0...UInt64(tail)))
    for record in instances[index].log[instances[index].durable..<kept] {
      // It may be sent after the restart.
      if case .vote(let vote) = record, !instances[index].byzantine { spy.voted(vote) }
    }
    instances[index].log.removeLast(instances[index].log.count - kept)
    instances[index].durable = kept
    instances[index].machine = nil
    instances[index].life += 1
    instances[index].pool = []
  }

  func restart(_ index: Int) {
    if instances[index].machine == nil { start(index) }
  }

  func becomeDurable(_ index: Int, _ position: Int) {
    while instances[index].durable < position {
      let record = instances[index].log[instances[index].durable]
      instances[index].durable += 1
      guard case .vote(let vote) = record else { continue }
      if !instances[index].byzantine { spy.voted(vote) }
      broadcast(.vote(vote), from: index)
      feed(index, .vote(vote))
    }
  }

  private func answer(_ index: Int, _ input: ConsensusInput) {
    queue.push(.input(index, life: instances[index].life, input), at: now + draw(settings.execution))
  }

  func carryOut(_ effect: ConsensusEffect, _ index: Int) {
    let life = instances[index].life
    switch effect {
    case .vote(let statement):
      let vote = sign(statement, ValidatorIndex(UInt16(instances[index].validator)))
      instances[index].log.append(.vote(vote))
      if settings.defect == .sendBeforeSync {
        spy.voted(vote)
        broadcast(.vote(vote), from: index)
      }
      queue.push(
        .durable(index, life: life, position: instances[index].log.count), at: now + draw(settings.sync))
    case .append(let certificate):
      spy.certified(certificate)
      instances[index].log.append(.certificate(certificate))
    case .broadcast(let certificate), .resendCertificate(let certificate):
      broadcast(.certificate(certificate), from: index)
    case .resend(let vote):
      broadcast(.vote(vote), from: index)
    case .answer(let certificate, let validator):
      for other in instances.indices where instances[other].validator == Int(validator.rawValue) {
        send(.certificate(certificate), from: index, to: other)
      }
    case .build(let round, let parent, let empty): build(round, parent, empty, index)
    case .check(let proposal, let parent):
      let block = blocks[proposal.block]
      answer(index, .checked(proposal, valid: block?.valid == true && block?.parent == parent.block))
    case .certify(let proposal, let parent):
      guard let block = blocks[proposal.block] else { return }
      if block.parent != parent.block { spy.fail(4, "\(index) certifies on another parent in \(proposal.view)") }
      answer(index, .certified(proposal, result: result(of: proposal.block)))
    case .fetch(let request):
      let others = instances.indices.filter { instances[$0].validator != instances[index].validator }
      let asked = request.ask.map { instance(of: Int($0.rawValue)) }
      guard let peer = asked ?? others.randomElement(using: &random), peer != index else { return }
      send(.request(request), from: index, to: peer)
    case .enter: break
    case .finalized(let certificate):
      if let proposal = certificate.statement.proposal { apply(proposal, index) }
    case .evidence(let found):
      evidence.insert(Int(found.signer.rawValue))
      if !settings.byzantine.contains(Int(found.signer.rawValue)) { spy.fail(1, "evidence against an honest one") }
    case .ownKeyElsewhere:
      elsewhere.insert(instances[index].validator)
      if instances[index].byzantine {
        // The traitor does not care: it starts again without any memory of its votes, after a while.
        instances[index].machine = nil
        instances[index].life += 1
        queue.push(.act { $0.restart(index) }, at: now + settings.retry)
      } else {
        spy.fail(1, "\(index) takes its own votes for another's")
      }
    case .contradiction(let first, let second): spy.fail(3, "\(first.statement) and \(second.statement)")
    case .gaveUp(_, let reason): instances[index].gaveUp.append(reason)
    }
  }

  private func build(_ round: Round, _ parent: BlockReference, _ empty: Bool, _ index: Int) {
    var waiting = instances[index].pool
    var ancestor = parent.block
    while let block = blocks[ancestor], ancestor != Self.genesis {
      waiting.subtract(block.transactions)
      ancestor = block.parent
    }
    if waiting.isEmpty && !empty {
      answer(index, .declined(round))
    } else {
      answer(index, .built(round, block: newBlock(parent: parent.block, transactions: waiting.sorted())))
    }
  }

  /// The block and its ancestors are final at this node.
  private func apply(_ proposal: Proposal, _ index: Int) {
    var path: [Digest] = []
    var block = proposal.block
    while !instances[index].chain.contains(block) {
      path.append(block)
      guard let parent = blocks[block]?.parent, parent != .zero else {
        spy.fail(9, "final block \(block.short) of \(index) does not descend from its chain")
        return
      }
      block = parent
    }
    if instances[index].chain.last != block, !path.isEmpty {
      spy.fail(9, "node \(index) finalizes on an old block")
      return
    }
    for block in path.reversed() {
      instances[index].chain.append(block)
      if !instances[index].byzantine {
        let known = spy.notarizations.values.first { $0.block == block }
        spy.applied(block, known, height: instances[index].chain.count - 1, node: index)
      }
      for transaction in blocks[block]?.transactions ?? [] {
        if finalizedAt[transaction]?[instances[index].validator] == nil {
          finalizedAt[transaction, default: [:]][instances[index].validator] = now
        }
        instances[index].pool.remove(transaction)
      }
    }
    queue.push(.work(index, life: instances[index].life), at: now)
  }
}
