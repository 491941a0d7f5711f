internal import BlockLog
internal import NodeCore
internal import Primitives
internal import Replica

// Signers that are elsewhere: processes or devices with a memory of their own, which outlive their nodes.
extension SimulatedCluster {
  /// Microseconds that a question takes to the signer, and that an answer takes back.
  private static let signingDelay: ClosedRange<UInt64> = 1...2000

  /// Asks the signer. It may have signed before the node goes on, or have heard nothing yet when the node crashes.
  func sign(_ request: SigningRequest, _ node: SimulatedNode, _ run: NodeRun) {
    if run.asked <= now, Bool.random(using: &node.generator) { return answer(request, node, run) }
    run.asked = signingTime(after: run.asked, node)
    queue.push(.asked(node: node.number, run: run.number, request), at: run.asked)
  }

  /// The signer signs, or refuses to.
  func answer(_ request: SigningRequest, _ node: SimulatedNode, _ run: NodeRun) {
    let signer = run.signer
    let answer = run.attempts.answer(request) { (statement, key) throws(SigningRefusal) in
      try signer.sign(statement, with: key)
    }
    count("answers of signers")
    run.answered = signingTime(after: run.answered, node)
    queue.push(.signed(node: node.number, run: run.number, request, answer), at: run.answered)
  }

  /// The answer reaches the node.
  func take(
    _ answer: Result<Signature, SigningRefusal>, to request: SigningRequest, _ node: SimulatedNode, _ run: NodeRun
  ) {
    step(node, .signed(request, answer))
    // The node finds out whether the signer is back only after it was told that it is away.
    guard case .failure(.away) = answer, !run.signer.isAway else { return }
    queue.push(.signerBack(node: node.number, run: run.number), at: later(1000))
  }

  /// Questions and answers keep their order.
  private func signingTime(after last: Tick, _ node: SimulatedNode) -> Tick {
    max(last.advanced(byMicroseconds: 1), later(UInt64.random(in: Self.signingDelay, using: &node.generator)))
  }

  /// Brings the node's log and its signer to agree, as at every start. Returns false if the disk is full: the node starts
  /// later.
  func agree(
    _ node: SimulatedNode, _ restoration: inout Restoration, _ journal: inout Journal<MemoryDisk>
  ) -> Bool {
    do throws(LogError) {
      if let memory = node.signerMemory {
        memory.statements.raiseFloor(to: restoration.voteGuard().floor)
        let count = try SaidStatements.record(memory.statements.statements, &journal, &restoration)
        if count > 0 { self.count("statements that only the signer had", count) }
      }
    } catch {
      trace.add(now, "node \(node.number) cannot start: \(error.explanation)")
      queue.push(.start(node: node.number), at: later(200_000))
      return false
    }
    SaidStatements.sign(&restoration) { (statement, key) in
      count("statements signed at a start")
      if !forgetsVotes, let conflict = node.signerMemory?.admit(statement) {
        count("statements declined at a start")
        // Damage may take from the log that a view is final, which the signer knows.
        if node.flippedFiles.isEmpty {
          fail("the signer of node \(node.number) signed \(conflict), so it declines \(statement) at a start")
        }
        return nil
      }
      return ring.sign(statement.signedBytes(population.chain), with: key)
    }
    return true
  }
}
