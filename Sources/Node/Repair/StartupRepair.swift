internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import Replica

/// Repairs a damaged log before the node starts: it fetches the lost final blocks from peers, checks them, and writes
/// them where they were.
///
/// Until then the node does not take part as a validator; it only asks for these blocks. Undamaged parts of the log
/// stay unchanged.
final class StartupRepair: Sendable {
  private let settings: NodeSettings
  private let genesis: Genesis
  private let logger: Logger
  private let progress: StartProgress
  private let voteKey: PublicKey
  private let transport: TransportIdentity
  private let links = PeerLinks()
  private let fetcher: FinalFetcher
  private let book: PeerBook
  private let closings: @Sendable () -> ClosingBook

  /// Checks the log, and repairs it if it is damaged.
  static func run(
    settings: NodeSettings, genesis: Genesis, identity: borrowing NodeIdentity, progress: StartProgress, logger: Logger
  ) async throws {
    try await StartupRepair(settings, genesis, identity, progress, logger).run()
  }

  private init(
    _ settings: NodeSettings, _ genesis: Genesis, _ identity: borrowing NodeIdentity, _ progress: StartProgress,
    _ logger: Logger
  ) {
    self.settings = settings
    self.genesis = genesis
    self.progress = progress
    self.logger = logger
    voteKey = identity.held.current
    transport = identity.transport
    // The start reports a folder that cannot be read. Without a closing, what a peer sends of later epochs is not used.
    let folders = [settings.logDirectory, settings.snapshotDirectory]
    let closings = ClosingStore(
      folders.compactMap { try? FileDisk(path: $0, access: .readOnly) }, chain: genesis.chain)
    let known: @Sendable () -> ClosingBook = { (try? closings.load(genesis).book) ?? ClosingBook() }
    self.closings = known
    let validators = known().newestValidators(genesis)
    let nodes = (KnownNodesFile(settings).read() ?? genesis.directory)
      .with(settings.bootstrapPeers(except: identity.transport.pin))
    let directory = PeerDirectory(names: nodes.map { "\($0.name)" }, validators: validators)
    let book = PeerBook(
      directory.ids.map { KnownPeer(id: $0, node: nodes[Int($0.rawValue)], validator: directory.validator($0)) },
      ownPin: identity.transport.pin, settings: settings, logger: logger)
    self.book = book
    fetcher = FinalFetcher(
      genesis: genesis, closings: known, links: links, mayHaveAll: { book.mayHaveAll($0) }, logger: logger)
  }

  private func run() async throws {
    guard let plan = try await WorkerThread.value("checking", { [self] in try plan() }) else { return }
    let heights = Set(plan.patches.flatMap(\.heights)).sorted()
    var fetched: [Height: FinalRecord] = [:]
    if !heights.isEmpty {
      progress.enter(.repairing(blocks: heights.count))
      try await startLinks()
      fetched = try await WorkerThread.value("repairing") { [self] in fetcher.fetch(heights) ?? [:] }
      await links.stop()
    }
    try rewrite(plan, fetched)
  }

  /// What to repair, and with what; nil if the log is not damaged or cannot be repaired.
  private func plan() throws -> RepairPlan? {
    // Without peers to ask, the start reports the damage and changes nothing.
    guard !book.links.isEmpty,
      let disk = try? FileDisk(path: settings.logDirectory, access: .readOnly), let damage = damage(of: disk)
    else { return nil }
    // The start refuses the log of another node, and changes nothing in it.
    guard isOwn(disk) else { return nil }
    logger.error(
      "the log is damaged: \(LogError.damaged(damage).explanation); repairing it with blocks from the peers",
      metadata: ["code": "log.damaged"])
    try replaceMissing()
    let survey: LogSurvey
    var entries: SurveyCursor<FileDisk>
    do throws(LogError) {
      (survey, entries) = try LogReader(disk, owner: owner).survey()
    } catch {
      // The start fails with the same error.
      logger.error("the log cannot be repaired: \(error.explanation)", metadata: ["code": "\(error.code)"])
      return nil
    }
    for stretch in survey.stretches { logger.notice("damaged: \(stretch)") }
    return try RepairPlan(&entries, chain: genesis.chain)
  }

  /// Whether this node wrote the log, with this key or with one that it had before, as far as the chain or the log itself says.
  private func isOwn(_ disk: FileDisk) -> Bool {
    let owner = owner
    guard let writer = owner.writer, writer != voteKey else { return true }
    return closings().areOfOne(writer, voteKey, genesis)
      || LogOwnership.names(voteKey, in: LogReader(disk, owner: owner))
  }

  /// The owner that the files of the log must name.
  private var owner: LogOwner {
    let storage = try? FileDisk(path: settings.logDirectory, access: .readOnly)
    let nobodys = LogOwner(chain: genesis.digest, writer: voteKey)
    return storage.map { .found(in: $0, chain: genesis.digest, otherwise: voteKey) } ?? nobodys
  }

  /// The first damage; nil if there is none that could be repaired.
  private func damage(of disk: FileDisk) -> LogDamage? {
    do throws(LogError) {
      let outcome = try LogReader(disk, owner: owner).inspect().inspection.outcome
      if case .damaged(let damage) = outcome { return damage }
      return nil
    } catch {
      // The first page of a segment is damaged, so nothing after it was read.
      if case .damaged(let damage) = error { return damage }
      return nil
    }
  }

  /// Puts empty files in place of missing ones, so that what was in them is repaired as damage.
  private func replaceMissing() throws {
    let storage = try FileDisk(path: settings.logDirectory)
    for file in try MissingSegments.makeEmpty(on: storage, owner: owner) {
      logger.error(
        "\(file) is missing from the log; an empty file takes its place, and what was in it comes from the peers",
        metadata: ["code": "log.damaged", "next": "find out who removed it, and check the disk"])
    }
  }

  private func rewrite(_ plan: RepairPlan, _ fetched: [Height: FinalRecord]) throws {
    let disk = try FileDisk(path: settings.logDirectory)
    // Backwards from the end, so that what the neighbours of a stretch say about it stays true.
    for patch in plan.patches.reversed() {
      let count = try RepairPlan.repair(patch, with: plan.replacements(for: patch, fetched)) {
        (stretch, records, void) throws(LogError) in
        try LogRepair.rewrite(stretch, with: records, void: void, on: disk)
      }
      logger.notice(
        "repaired \(patch.stretch.file) at offset \(patch.stretch.offset): \(count) records were recovered")
      if patch.meaning == .votesLost {
        logger.warning("votes of this node may be lost, so it listens before it votes again")
      }
    }
  }

  private func startLinks() async throws {
    try await links.start(handler: self) { [genesis, book, transport, logger] in
      try PeerNetworkConfiguration(
        chain: genesis.chain, book: book, transport: transport, logger: logger)
    }
  }
}

extension StartupRepair: PeerNetworkHandler {
  func received(_ frames: [PeerFrame]) {
    for frame in frames { FrameRouter.route(frame.bytes, from: frame.from, to: self) }
  }

  func hasRoom(for peer: PeerID) -> Bool { true }
  func connected(_ peer: PeerID) { fetcher.linked(peer, true) }
  func disconnected(_ peer: PeerID, _ reason: LinkFault) { fetcher.linked(peer, false) }

  // A node that is being repaired signs nothing; it is told again when it takes part.
  func foundTwice(_ peer: PeerID) {}
  func wasFoundTwice(by peer: PeerID) {}
}

// Before the start, the node uses only final blocks and drops everything else.
extension StartupRepair: FrameReceivers {
  func step(_ frame: [UInt8], from peer: PeerID) {}
  func serve(_ request: PeerRequest) {}

  func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID) {
    fetcher.receive(bytes, of: height, from: peer)
  }

  func blame(_ peer: PeerID, _ error: CodecError) { links.disconnect(peer, because: error.explanation) }
}
