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
    guard run.openRequests.begin(request.peer) else { return count("requests dropped") }
    queue.push(.request(node: node.number, run: run.number, request, tries: 0), at: later(Self.delay))
  }

  func answer(_ request: PeerRequest, _ node: SimulatedNode, _ run: NodeRun, tries: Int) {
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
        carry(message.encoded(), from: node, run, to: ValidatorIndex(request.peer.rawValue))
      }
    } catch {
      if !node.flippedFiles.isEmpty {
        count("requests that meet damage")
      } else if !run.hasLogFailed, !isDiskRefusal(error) {
        fail("node \(node.number) cannot answer a peer: \(error.explanation)")
      }
    }
    run.openRequests.end(request.peer)
  }

  private func isDiskRefusal(_ error: ResponderError) -> Bool {
    if case .snapshot(.file(.disk)) = error { true } else { false }
  }
}
