internal import Primitives
internal import Replica

// The clients of a run under load.
extension SimulatedCluster {
  /// Sends one call of a client, and schedules the next one.
  func submitNextCall() {
    guard let meter, areClientsActive else { return }
    let pause = Double(meter.plan.callSize) * 1_000_000 / meter.plan.offeredPerSecond
    queue.push(.clients, at: later(UInt64(max(1, pause))))
    guard let number = meter.nextNode() else { return }
    submitLoad(meter.plan.callSize, to: nodes[number], meter)
  }

  func submitLoad(_ count: Int, to node: SimulatedNode, _ meter: LoadMeter) {
    guard let run = node.run else { return }
    var submissions: [Submission] = []
    for _ in 0..<count {
      let request = workload.next(at: clientTime, chain.model)
      lastToken += 1
      self.submissions[lastToken] = OpenSubmission(
        expectation: request.expectation, id: request.id, node: node.number, run: run.number)
      if let id = request.id { meter.submitted(id, to: node.number, at: now) }
      submissions.append(Submission(token: SubmissionToken(number: lastToken), bytes: request.bytes))
    }
    step(node, .submit(submissions))
  }

  func sentBytes(_ node: Int) -> Int { nodes[node].run?.machine?.outgoing.sentBytes ?? 0 }
}
