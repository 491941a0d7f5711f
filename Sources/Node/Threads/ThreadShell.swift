internal import Cryptography
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica

/// Carries out the replica's effects in a node by passing each to its thread, or to the links.
struct ThreadShell: LoopShell, Sendable {
  let store: ChainStore
  let disk: LogThread
  let signing: SigningThread
  let pool: VerifyPool
  let syncServer: SyncServer
  let snapshots: SnapshotThread
  let submissions: PendingSubmissions
  let health: HealthMonitor
  let links: PeerLinks
  let book: PeerBook
  let lanes: FrameLanes
  let notices: NoticeHandler
  let reader: LedgerReader
  let logger: Logger

  func keep(_ closings: [Closing]) {
    // At once, because the snapshot that needs them may be here before they are stored.
    store.update { index in for closing in closings { index.note(closing) } }
    disk.put(.keep(closings))
  }
  func append(_ records: [PendingRecord]) { disk.put(.append(records)) }
  func sign(_ request: SigningRequest) { signing.put(request) }
  func commit(_ commits: [Commit]) { disk.put(.commit(commits)) }
  func send(_ sends: [Send]) { links.send(sends) }
  func verify(_ request: VerificationRequest) { pool.submit(request) }
  func verifyHere(_ request: VerificationRequest, _ verifier: inout SignatureVerifier) -> [Bool] {
    pool.verifyHere(request, &verifier)
  }
  func hurry(_ ticket: Ticket) { pool.hurry(ticket) }
  func dropChecks(of peer: PeerID, through ticket: Ticket) { pool.drop(of: peer, through: ticket) }
  func serve(_ request: PeerRequest) { syncServer.serve(request) }
  func snapshot(_ command: SnapshotCommand) { snapshots.put(command) }
  func answer(_ answer: SubmissionAnswer) { submissions.answer(answer) }
  func notice(_ notice: Notice) { notices.receive(notice) }
  func know(_ peers: [KnownPeer]) {
    book.update(peers)
    health.note { $0.list(Set(peers.map { "\($0.node.name)" }), Clock.tick()) }
    lanes.share(among: peers.count)
    links.update(book.links, logger)
  }
  func work(_ isOpen: Bool) { health.note { $0.work(isOpen, Clock.tick()) } }
  func show(_ view: Handover<LedgerView>) { reader.show(view) }
  func drained() { links.resumeReading() }
}
