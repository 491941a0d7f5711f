internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import Replica

/// Receives the frames that peers send to a running node, and passes each to the receiver of its kind.
final class PeerFrames: PeerNetworkHandler {
  private let loop: ReplicaLoop
  private let syncServer: SyncServer
  private let finalFetcher: FinalFetcher
  private let proofFetcher: ProofFetcher
  private let health: HealthMonitor
  private let notices: NoticeHandler
  private let book: PeerBook

  init(
    loop: ReplicaLoop, syncServer: SyncServer, finalFetcher: FinalFetcher, proofFetcher: ProofFetcher,
    health: HealthMonitor, notices: NoticeHandler, book: PeerBook
  ) {
    self.loop = loop
    self.syncServer = syncServer
    self.finalFetcher = finalFetcher
    self.proofFetcher = proofFetcher
    self.health = health
    self.notices = notices
    self.book = book
  }

  func received(_ frames: [PeerFrame]) {
    for frame in frames { FrameRouter.route(frame.bytes, from: frame.from, to: self) }
  }

  func hasRoom(for peer: PeerID) -> Bool { loop.lanes.hasRoom(for: peer, Clock.tick()) }

  func connected(_ peer: PeerID) {
    setLinked(peer, true, because: nil)
    loop.post(.connected(peer))
  }

  func disconnected(_ peer: PeerID, _ reason: LinkFault) {
    setLinked(peer, false, because: reason)
    notices.linkEnded(peer, reason)
    loop.post(.disconnected(peer))
  }

  func foundTwice(_ peer: PeerID) { notices.foundTwice(peer) }

  func wasFoundTwice(by peer: PeerID) { loop.post(.keyReported(by: peer)) }

  private func setLinked(_ peer: PeerID, _ isLinked: Bool, because fault: LinkFault?) {
    let name = book.name(of: peer)
    health.note { $0.link(name, isLinked, because: fault, Clock.tick()) }
    finalFetcher.linked(peer, isLinked)
    proofFetcher.linked(peer, isLinked)
  }
}

extension PeerFrames: FrameReceivers {
  func step(_ frame: [UInt8], from peer: PeerID) { loop.receive(frame, from: peer) }

  func serve(_ request: PeerRequest) {
    loop.waste(0, from: request.peer)
    syncServer.serve(request)
  }

  func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID) {
    let isForRepair = finalFetcher.receive(bytes, of: height, from: peer)
    let isForProof = proofFetcher.receive(bytes, of: height, from: peer)
    if !isForRepair && !isForProof { loop.waste(bytes.count, from: peer) }
  }

  func blame(_ peer: PeerID, _ error: CodecError) {
    notices.receive(.misbehaved(peer, code: error.code, explanation: error.explanation))
  }
}
