internal import CoreMetrics
internal import Ledger
internal import Logging
internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import Replica

/// Passes the replica's notices on to the operator's log (with stable codes), the counters and the health monitor.
struct NoticeHandler: Sendable {
  let book: PeerBook
  let keys: VoteKeys
  let lanes: FrameLanes
  let links: PeerLinks
  let health: HealthMonitor
  let counters: NodeCounters
  let finality: FinalityWaiters
  let snapshots: SnapshotThread
  let logger: Logger

  func receive(_ notice: Notice) {
    health.note { $0.note(notice, Clock.now()) }
    switch notice {
    case .enteredView(let view):
      counters.views.increment()
      logger.trace("entered view \(view)")
    case .gaveUp(let view, let reason, _):
      counters.givenUpViews.increment()
      logger.info("gave up view \(view)", metadata: ["reason": "\(reason)"])
    case .misbehaved(let peer, let code, let explanation):
      misbehaved(peer, code: code, explanation: explanation)
      lanes.bar(peer)
      links.disconnect(peer, because: explanation)
    case .wasteful(let peer, let until):
      lanes.pause(peer, until: until)
      misbehaved(
        peer, code: "peer.wasteful",
        explanation: "sends more than \(Limits.wastedBytesPerSecond >> 20) MiB a second that is of no use, and is read "
          + "no faster than that")
    case .equivocated(let validator, let first, let second):
      let name =
        book.all.first { $0.validator == validator }.map { "\($0.node.name)" } ?? "validator \(validator)"
      let explanation = "contradicted itself in view \(first.view): \(first.kind) and \(second.kind)"
      counters.contradicted(name)
      _ = health.note {
        $0.misbehaved(name, code: "vote.equivocation", explanation: explanation, Clock.tick())
      }
      logger.error("\(name) \(explanation)", metadata: ["peer": "\(name)", "code": "vote.equivocation"])
    case .stoppedVoting(let reason):
      logger.critical(
        "voting has stopped: \(reason.explanation)", metadata: ["code": "\(reason.code)", "next": "\(reason.nextStep)"])
    case .keyReported(let peer):
      logger.error(
        "\(book.name(of: peer)) says that another process uses this node's key",
        metadata: ["code": "node.key-reported-elsewhere", "next": "find the other process and stop it"])
    case .signerAway(let refusal):
      logger.error("\(refusal.explanation)", metadata: ["code": "\(refusal.code)", "next": "\(refusal.nextStep)"])
    case .signerBack: logger.notice("the signer is back: voting again")
    case .signerDeclined(let statement, let refusal):
      logger.error(
        "a \(statement.kind) vote of view \(statement.view) is not made: \(refusal.explanation)",
        metadata: ["code": "\(refusal.code)", "next": "\(refusal.nextStep)"])
    case .listening:
      logger.notice("listening: not voting until a quorum of peers has reported its views")
    case .beganEpoch(let running):
      keys.put(.began(running.epoch, running.ownKey))
      let lacksKey = book.lacksVoteKey(running)
      health.note { $0.lackVoteKey(lacksKey, Clock.tick()) }
      let place = running.own == nil ? "; this node is none of them" : ""
      logger.notice("epoch \(running.epoch) begins, with \(running.validators.count) validators\(place)")
    case .recordedKey(let key): keys.put(.recorded(key))
    case .votingResumed(let bar):
      logger.notice("voting again, above \(bar)")
    case .catchingUp(let from, let view):
      logger.notice("catching up from height \(from) to the block finalized in view \(view)")
    case .caughtUp(let height):
      snapshots.put(.overtaken)
      logger.notice("caught up at height \(height)")
    case .joining(let height, let chunks, let here):
      logger.notice("fetching the state of height \(height) from peers: \(chunks) chunks, \(here) already here")
    case .joined(let height):
      logger.notice("continuing from the state of height \(height), fetched from peers")
    case .joinEnded(let height):
      logger.notice("no longer fetching the state of height \(height)")
    case .dropped(let ids):
      finality.abandon(ids)
      logger.info("\(ids.count) waiting transactions can no longer enter a block")
    case .rejectedBlock(let round, let code, let explanation):
      counters.rejectedBlocks.increment()
      logger.warning("the block proposed in \(round) is not valid: \(explanation)", metadata: ["code": "\(code)"])
    case .timeAhead: break
    }
  }

  /// Notes a link that ended because of the bytes that the peer sent.
  func linkEnded(_ peer: PeerID, _ fault: LinkFault) {
    if fault.isMalformed { misbehaved(peer, code: fault.code, explanation: fault.explanation) }
  }

  /// Names a peer whose key two processes use. Its links stay: they may prove it to the processes themselves.
  func foundTwice(_ peer: PeerID) {
    misbehaved(
      peer, code: "peer.key-used-twice", explanation: "two processes with its key link to this node in turns")
  }

  private func misbehaved(_ peer: PeerID, code: String, explanation: String) {
    let name = book.name(of: peer)
    counters.misbehaved(name)
    let unsaid = health.note { $0.misbehaved(name, code: code, explanation: explanation, Clock.tick()) }
    guard let unsaid else { return }
    var metadata: Logger.Metadata = ["peer": "\(name)", "code": "\(code)"]
    if unsaid > 0 { metadata["suppressed"] = "\(unsaid)" }
    logger.warning("\(name) misbehaved: \(explanation)", metadata: metadata)
  }
}
