internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import TestHarness

/// The start of a node from a log whose records the input chooses.
struct RestorationRun: ~Copyable {
  private let traffic: Traffic
  private var input: FuzzInput
  private let disk: MemoryDisk
  private var log: BlockLog<MemoryDisk>
  /// The index of the next record in the recorded log.
  private var next = 0

  /// The validator whose log was recorded.
  private static let own = ValidatorIndex(0)
  private static let recordLimit = LogPosition(2000)

  init(_ traffic: Traffic, _ input: FuzzInput) throws(BrokenPromise) {
    self.traffic = traffic
    self.input = input
    disk = MemoryDisk()
    do throws(LogError) {
      log = try BlockLog.create(
        disk, owner: CoreHarness.owner(traffic.genesis, Self.own), options: CoreHarness.logOptions)
    } catch {
      throw Self.refused(error)
    }
  }

  private static func refused(_ error: LogError) -> BrokenPromise {
    BrokenPromise("a log cannot be written: \(error.explanation)")
  }

  consuming func go() throws(BrokenPromise) {
    do throws(LogError) {
      while !input.isAtEnd, log.appended < Self.recordLimit { try step() }
      _ = try log.sync()
    } catch {
      throw Self.refused(error)
    }
    try start()
  }

  private mutating func step() throws(LogError) {
    let records = traffic.records
    switch input.byte() % 5 {
    case 0:
      // The next records, unchanged.
      for _ in 0..<input.byte() where next < records.count {
        try append(records[next].kind, records[next].payload, records[next].height)
        next += 1
      }
    case 1: next += Int(input.byte())
    case 2:
      // One of the records, changed.
      let record = records[input.word() % records.count]
      var payload = record.payload
      for _ in 0..<input.byte() % 4 where !payload.isEmpty { payload[input.word() % payload.count] = input.byte() }
      try append(record.kind, payload, record.height)
    case 3:
      let kind = input.byte()
      try append(kind, input.bytes(Int(input.byte())), .genesis)
    default: next = input.word() % records.count
    }
  }

  private mutating func append(_ kind: UInt8, _ payload: [UInt8], _ height: Height) throws(LogError) {
    guard log.appended < Self.recordLimit else { return }
    // No log can hold a record of kind 0. Kind 255 is as unknown.
    _ = try log.append(kind: kind == 0 ? 255 : kind, height: height, payload: payload)
  }

  // MARK: The start

  private borrowing func start() throws(BrokenPromise) {
    var height = Height.genesis
    var skipped: Height?
    let observe = { (event: StartupEvent) in
      guard case .applied(let record, _, _) = event else { return }
      for commit in record.commits {
        if commit.height != height.next { skipped = skipped ?? commit.height }
        height = commit.height
      }
    }
    let opened: OpenedLog<MemoryDisk>
    do throws(StartupError) {
      // All signatures are valid, so that changed votes reach the code behind the check.
      opened = try CoreHarness.open(
        disk, genesis: traffic.genesis, own: Self.own, holds: { _ in true }, observe: observe)
    } catch {
      if let skipped { throw Self.skip(skipped) }
      guard case .records(let refusal) = error else { throw BrokenPromise("a sound log does not open: \(error)") }
      return try promise(!refusal.explanation.isEmpty && !refusal.nextStep.isEmpty, "\(refusal) is not explained")
    }
    if let skipped { throw Self.skip(skipped) }
    let broken = opened.use { journal, restoration, index in
      Self.run(traffic, journal, restoration, index, height)
    }
    if let broken { throw broken }
  }

  private static func skip(_ height: Height) -> BrokenPromise {
    BrokenPromise("height \(height) is not committed after the one below it")
  }

  /// A node must be able to go on from what was restored.
  private static func run(
    _ traffic: Traffic, _ journal: consuming Journal<MemoryDisk>, _ restoration: consuming Restoration,
    _ index: ChainIndex, _ height: Height
  ) -> BrokenPromise? {
    let committed = restoration.committed.height
    guard committed == height, index.height == height else {
      return BrokenPromise("height \(committed) is restored and \(index.height) indexed after commits up to \(height)")
    }
    let validators = traffic.genesis.validatorSet
    let configuration = ReplicaConfiguration(
      genesis: traffic.genesis, chain: traffic.chain, voteKeys: [validators.voteKey(of: own)])
    let wall = traffic.genesis.timestamp
    var host = ReplicaHost(
      Replica(configuration: configuration, restored: restoration, signer: nil, now: Now(tick: Tick(1), wall: wall)))
    host.replica.checkInvariants()
    host.step(.tick, now: Now(tick: Tick(10_000_000), wall: wall))
    host.replica.checkInvariants()
    let buffer = EffectBuffer()
    host.handOut(to: buffer)
    let batch = buffer.effects.compactMap { effect -> JournalCommand? in
      switch effect {
      case .records(let records): .append(records)
      case .commits(let commits): .commit(commits)
      default: nil
      }
    }
    var events: [JournalEvent] = []
    do throws(LogError) {
      _ = try journal.write(batch, Holder(index), &events)
      try journal.rest(&events)
    } catch {
      return refused(error)
    }
    return nil
  }

  private final class Holder: ChainIndexHolder {
    var index: ChainIndex
    init(_ index: ChainIndex) { self.index = index }
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
  }
}
