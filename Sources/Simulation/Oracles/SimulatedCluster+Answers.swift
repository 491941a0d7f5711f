internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The answers of nodes to clients: at most one for each submission, exactly one if the node stays up, and none that
// turns out to be untrue.
extension SimulatedCluster {
  func submit(_ request: Workload.Request, to node: SimulatedNode, isProbe: Bool = false) {
    guard let run = node.run else { return }
    lastToken += 1
    if isProbe { probeTokens.insert(lastToken) }
    if node.isHonest {
      submissions[lastToken] = OpenSubmission(
        expectation: request.expectation, id: request.id, node: node.number, run: run.number)
    }
    count("submissions")
    step(node, .submit([Submission(token: SubmissionToken(number: lastToken), bytes: request.bytes)]))
  }

  /// Checks a node's answer to a submission.
  func check(_ answer: SubmissionAnswer, from node: SimulatedNode) {
    guard let open = submissions.removeValue(forKey: answer.token.number) else {
      if node.isHonest { fail("node \(node.number) answers submission \(answer.token.number) twice") }
      return
    }
    guard !trustsSignatures else { return }
    switch (answer.answer, open.expectation) {
    // A node that has stopped checks nothing.
    case (.failure(.notTaking(let reason)), _): count("refused: \(reason.code)")
    case (.failure(.malformed), .malformed): count("malformed")
    case (_, .malformed): fail("node \(node.number) does not refuse malformed bytes")
    case (.failure(.malformed(let error)), _): fail("node \(node.number) refuses sound bytes: \(error.explanation)")
    case (.failure(.badSignature), .badSignature): count("bad signatures")
    case (.failure(.badSignature), _): fail("node \(node.number) refuses a good signature")
    case (.failure(.inadmissible(.alreadyApplied(let id))), _) where !chain.contains(id):
      fail("10: node \(node.number) says that transaction \(id.short) is in the chain, and it is not")
    case (.failure(let refusal), _): count("refused: \(refusal.code)")
    case (.success(let acceptance), _):
      let id = acceptance.id
      count("accepted")
      if let expected = open.id, id != expected {
        return fail("node \(node.number) accepts \(id.short) where \(expected.short) was submitted")
      }
      guard probeTokens.contains(answer.token.number) else { return }
      liveness?.accepted(id, at: node.number, now)
      probes.append((id, node.number))
      probed.insert(node.number)
    }
  }

  /// At the end of a run, every node that is still up has answered all its submissions.
  func checkAnswers() {
    guard report.violation == nil else { return }
    for token in submissions.keys.sorted() {
      guard let open = submissions[token], nodes[open.node].run?.number == open.run else { continue }
      return fail("node \(open.node) never answers submission \(token)")
    }
  }

  /// Checks that what clients read at the node after a block agrees with the model at that height.
  func compareReads(_ node: SimulatedNode, _ run: NodeRun, at height: Height) {
    guard node.isHonest, report.violation == nil, let reads = chain.reads[height] else { return }
    for (holding, expected) in reads.available {
      let balances = run.view.balances(of: holding.account, limit: .max)
      let found = balances.first { $0.asset == holding.asset }?.amount.rawValue ?? 0
      if found != expected || run.view.point.height != height {
        return fail(
          "node \(node.number) shows at height \(run.view.point.height) \(found) of \(holding.asset) at \(holding.account) after height \(height), "
            + "the model says \(expected)")
      }
    }
    for (key, expected) in reads.holds where run.view.hold(key.from, key.reference) != expected {
      return fail(
        "node \(node.number) shows another hold \(key.reference) of \(key.from) after height \(height), "
          + "the model says \(expected.map { "\($0)" } ?? "none")")
    }
  }

  /// Checks that the log of each honest node holds every block and execution record above its pruned part, identical to
  /// those of all others.
  func compareLogs() {
    for node in nodes where node.isHonest {
      guard report.violation == nil, let run = node.run, !run.hasLogFailed else { continue }
      let base = Int(run.index.base.rawValue)
      for block in chain.blocks.prefix(Int(run.index.height.rawValue)).dropFirst(base)
      where !run.lost.contains(block.height) {
        guard let entry = run.index[block.height] else {
          return fail("node \(node.number) has no address of block \(block.height)")
        }
        do {
          let bytes = try run.payload(at: entry.block)
          let execution = try ExecutionRecord(payload: try run.payload(at: entry.execution))
          guard bytes == block.bytes, execution.digest == chain.result(at: block.height) else {
            return fail("9: block \(block.height) in the log of node \(node.number) is not that of the chain")
          }
        } catch {
          return fail("node \(node.number) cannot read block \(block.height) in its log: \(error)")
        }
      }
    }
  }
}
