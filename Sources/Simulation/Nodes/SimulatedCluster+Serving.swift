internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// Answers to requests of peers.
extension SimulatedCluster {
  /// Microseconds from a request to its answer.
  private static let delay: UInt64 = 500

  func receive(_ request: PeerRequest, _ node: SimulatedNode, _ run: NodeRun) {
    guard run.requests.put(request) else { return count("requests dropped") }
    queue.push(.request(node: node.number, run: run.number, nil, tries: 0), at: later(Self.delay))
  }

  /// Answers a request that was tried before, or the next one of the queue.
  func answer(_ retried: PeerRequest?, _ node: SimulatedNode, _ run: NodeRun, tries: Int) {
    let localNow = node.clock.now(now).tick
    guard let request = retried ?? run.requests.take(at: localNow) else {
      guard let pause = run.requests.pause(at: localNow) else { return }
      return queue.push(.request(node: node.number, run: run.number, nil, tries: 0), at: later(pause + 1))
    }
    var sent = 0
    do throws(ResponderError) {
      let isLastTry = tries >= Responder<MemoryDisk>.tries
      switch try run.responder.answer(request, from: run, isLastTry: isLastTry) {
      case .notYet:
        return queue.push(
          .request(node: node.number, run: run.number, request, tries: tries + 1),
          at: later(Responder<MemoryDisk>.pause))
      case .nothing: if case .range = request { count("ranges without proof") }
      case .message(let message):
        if !node.isHonest, options.traitorKind.sabotagesAnswers {
          sabotage(message, to: request, node, run)
          break
        }
        if case .range = message { count("ranges served") }
        let frame = message.encoded()
        sent = frame.count
        if let seat = run.seat(of: request.peer) { carry(frame, from: node, run, to: seat) }
      }
    } catch {
      if !node.flippedFiles.isEmpty {
        count("requests that meet damage")
      } else if !run.hasLogFailed, !isDiskRefusal(error) {
        fail("node \(node.number) cannot answer a peer: \(error.explanation)")
      }
    }
    run.requests.finish(request.peer, sent: sent, at: localNow)
  }

  private func isDiskRefusal(_ error: ResponderError) -> Bool {
    if case .snapshot(.file(.disk)) = error { true } else { false }
  }
}
