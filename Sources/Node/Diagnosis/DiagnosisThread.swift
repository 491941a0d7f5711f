internal import DequeModule
internal import Ledger
internal import Logging
internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import QueryIndex
internal import Replica
internal import Synchronization

/// Observes the machine, the queues and the peers once a second, and logs which findings begin and end.
final class DiagnosisThread: Sendable {
  /// The pause between two observations, in microseconds.
  private static let pause: UInt64 = 1_000_000

  private let health: HealthMonitor
  private let probe: MachineProbe
  private let loop: ReplicaLoop
  private let links: PeerLinks
  private let disk: LogThread
  private let index: NodeIndex
  private let publication: Publication
  private let book: PeerBook
  private let settings: NodeSettings
  private let dropped: @Sendable () -> Int
  private let logger: Logger
  private let signals = Mailbox<Void>(limit: 1)
  /// The replica's last answer.
  private let answer = Mutex<(status: ReplicaStatus, largestShare: Mempool.LargestShare?)?>(nil)
  private let isAsking = Atomic(false)

  init(
    health: HealthMonitor, probe: MachineProbe, loop: ReplicaLoop, links: PeerLinks, disk: LogThread, index: NodeIndex,
    publication: Publication, book: PeerBook, settings: NodeSettings, dropped: @escaping @Sendable () -> Int,
    logger: Logger
  ) {
    self.health = health
    self.probe = probe
    self.loop = loop
    self.links = links
    self.disk = disk
    self.index = index
    self.publication = publication
    self.book = book
    self.settings = settings
    self.dropped = dropped
    self.logger = logger
  }

  func start() -> WorkerThread {
    WorkerThread("diagnosis", inBackground: true, end: { [signals] in signals.close() }) { [self] in
      var announcements = Announcements()
      var batch: Deque<Void> = []
      repeat {
        ask()
        let observations = observe()
        health.note { $0.observe(observations, Clock.tick()) }
        for line in announcements.update(health.findings(index: index.failure)) { log(line) }
      } while signals.take(into: &batch, waitingAtMost: Self.pause)
    }
  }

  /// Asks the replica, unless it has not answered yet. It refuses if too many questions wait, and once the node stops; what it
  /// said last then stands.
  private func ask() {
    guard !isAsking.exchange(true, ordering: .relaxed) else { return }
    Task { [self] in
      if let status = try? await loop.status(), let share = try? await loop.largestShare() {
        answer.withLock { $0 = (status, share) }
      }
      isAsking.store(false, ordering: .relaxed)
    }
  }

  private func observe() -> Observations {
    var seen = Observations()
    seen.volumes = probe.volumes()
    seen.descriptors = probe.descriptors()
    seen.memory = probe.memory()
    seen.longestSync = disk.takeLongestSync()
    seen.inputs = Observations.Usage(used: UInt64(loop.waiting), limit: UInt64(ReplicaLoop.inputLimit))
    seen.height = publication.served.height
    seen.indexHeight = index.failure == nil ? index.queryIndex?.height : nil
    seen.droppedMessages = dropped()
    for peer in links.statistics?.peers ?? [] {
      guard !peer.isConnected, let fault = peer.lastFault else { continue }
      seen.linkFaults[peer.name] = fault
    }
    guard let (replica, largestShare) = answer.withLock({ $0 }) else { return seen }
    seen.poolTransactions = Observations.Usage(
      used: UInt64(replica.poolTransactions), limit: UInt64(settings.mempoolTransactions))
    seen.poolBytes = Observations.Usage(used: UInt64(replica.poolBytes), limit: UInt64(settings.mempoolBytes))
    seen.largestShare = largestShare
    let validators = Set(book.all.filter { $0.validator != nil && !$0.isOwn }.map(\.id))
    seen.peerHeights = replica.peers.filter { validators.contains($0.key) && replica.connected.contains($0.key) }
      .map(\.value.height)
    return seen
  }

  private func log(_ line: Announcements.Line) {
    switch line {
    case .began(let finding):
      let level: Logger.Level =
        switch finding.severity {
        case .notice: .notice
        case .warning: .warning
        case .critical: .error
        }
      logger.log(
        level: level, "finding: \(finding.explanation)",
        metadata: ["code": "\(finding.code)", "next": "\(finding.nextStep)", "severity": "\(finding.severity)"])
    case .ended(let finding):
      let name = finding.subject.name.map { " of \($0)" } ?? ""
      logger.notice("finding\(name) is over, since \(finding.since.iso8601)", metadata: ["code": "\(finding.code)"])
    }
  }
}
