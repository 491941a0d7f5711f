import BlockLog
import Ledger
import NodeCore
import Primitives
import TestHarness
import Testing

/// A node's whole life on disks of which one call fails, or that call and all later ones.
@Testing.Suite("Errors at every call of a node's disks")
struct EveryCallTests {
  private static let causes: [DiskError.Cause] = [.inputOutput, .full, .noDescriptors]

  /// Founded with its chain: writes, makes snapshots, prunes below those up to a height, starts again.
  private func founded(
    _ script: LifeScript, _ fault: FaultyDisk.Fault?, pruningUpTo last: UInt64 = .max
  ) -> LifeOnDisks {
    let life = LifeOnDisks(script, fault)
    life.found()
    guard life.start() else { return life }
    for number in 1...script.last.rawValue {
      let height = Height(number)
      life.write(height)
      life.snapshot(height, prunes: number <= last)
      if number == 5 { life.start() }
    }
    return life
  }

  /// Joins by the newest snapshot of another node.
  private func joined(_ source: LifeOnDisks, _ fault: FaultyDisk.Fault?, restarts: Bool) throws -> LifeOnDisks {
    let life = LifeOnDisks(source.script, fault)
    if life.start() {
      let store = SnapshotStore(source.snapshots, chain: source.script.genesis.chain)
      try life.join(store, source.made, restarts: restarts)
    }
    return life
  }

  private func expectKept(_ life: LifeOnDisks, _ comment: String) throws {
    guard life.start() else {
      Issue.record("\(comment): the node does not start: \(life.codes)")
      return
    }
    #expect(life.codes.isEmpty, "\(comment): \(life.codes)")
    #expect(life.appended >= life.durable, "\(comment)")
    #expect(life.committed >= life.final, "\(comment)")
    #expect(life.committed >= life.made, "\(comment)")
    do { try life.readAll() } catch { Issue.record("\(comment): \(error)") }
  }

  private func fault(_ call: Int, _ effect: FaultyDisk.Effect, _ lasts: Bool) -> FaultyDisk.Fault {
    // Over the arguments, each call meets every cause.
    let shift = effect == .nothing ? 0 : effect == .part ? 1 : 2
    return FaultyDisk.Fault(
      call: call, cause: Self.causes[(call + shift) % Self.causes.count], effect: effect, lasts: lasts)
  }

  private func expectTyped(_ life: LifeOnDisks, _ fault: FaultyDisk.Fault, _ comment: String) {
    #expect(life.plan.failed > 0, "\(comment)")
    let other = life.codes.filter { $0 != "disk.\(fault.cause.rawValue)" && $0 != "chain.unreadable" }
    #expect(other.isEmpty, "\(comment): \(other)")
  }

  @Test(
    "D9: whichever call to a node's disks fails while it writes, makes snapshots and prunes, it loses nothing durable",
    arguments: FaultyDisk.Effect.allCases, [false, true])
  func founded(effect: FaultyDisk.Effect, lasts: Bool) throws {
    let script = try LifeScript(blocks: 9, snapshots: [4, 8])
    let whole = founded(script, nil)
    #expect(whole.codes.isEmpty && whole.final == script.last && whole.made == Height(8) && whole.prunings > 0)
    var generator = SeededGenerator(seed: 9)
    let calls = whole.plan.calls
    for call in 0..<calls {
      let fault = fault(call, effect, lasts)
      let life = founded(script, fault)
      let comment = "call \(call) of \(calls), \(fault.cause)"
      expectTyped(life, fault, comment)
      life.crash(MemoryDisk.Survival.allCases[call % 4], using: &generator)
      try expectKept(life, comment)
    }
  }

  @Test(
    "D9: whichever call fails when an epoch ends, no snapshot takes an older one's place before the closing is stored",
    arguments: FaultyDisk.Effect.allCases, [false, true])
  func closing(effect: FaultyDisk.Effect, lasts: Bool) throws {
    let script = try LifeScript(blocks: 9, snapshots: [4, 8], closing: 6)
    // The closing remains in the log, which begins above the first snapshot and so needs one of the two.
    let whole = founded(script, nil, pruningUpTo: 4)
    #expect(whole.codes.isEmpty && whole.final == script.last && whole.made == Height(8) && whole.prunings > 0)
    var generator = SeededGenerator(seed: 11)
    for call in try #require(whole.calls[Height(6)])..<whole.plan.calls {
      // A loss of power may bring back an older snapshot, whose removal is not synced.
      for survival in [MemoryDisk.Survival.nothing, .everything] {
        let fault = fault(call, effect, lasts)
        let life = founded(script, fault, pruningUpTo: 4)
        let comment = "call \(call) of \(whole.plan.calls), \(fault.cause), left by the crash: \(survival)"
        expectTyped(life, fault, comment)
        life.crash(survival, using: &generator)
        try expectKept(life, comment)
      }
    }
  }

  @Test("R41: a node that lacks a closing makes no snapshot of a later epoch")
  func lostClosing() throws {
    let life = founded(try LifeScript(blocks: 9, snapshots: [4, 8, 9], closing: 6), nil)
    let heights = SnapshotStore(life.snapshots, chain: life.script.genesis.chain)
    #expect(try heights.heights() == [Height(9)])
    try heights.remove(Height(9))
    life.lose(closingOf: .first)
    life.snapshot(Height(9))
    #expect(try heights.heights().isEmpty && life.snapshots.disk.list().allSatisfy { $0.hasSuffix(".closing") })
    life.lose(closingOf: nil)
    life.snapshot(Height(9))
    #expect(try heights.heights() == [Height(9)])
  }

  @Test("R41: a new snapshot takes the place of older ones only, and of none above it, which may lack closings")
  func kept() throws {
    let disk = MemoryDisk()
    let store = SnapshotStore(disk, chain: GroundChain.genesis.chain)
    let heights = [50, 60, 70, 100].map { Height($0) }
    for height in heights { try disk.create(SnapshotStore<MemoryDisk>.file(of: height), byteCount: 0) }
    try store.keep(2, through: Height(70))
    #expect(try store.heights() == [Height(60), Height(70), Height(100)])
    try store.keep(0, through: Height(70))
    #expect(try store.heights() == [Height(70), Height(100)])
  }

  @Test(
    "D9: whichever call fails while a node joins by a snapshot, its log never continues above a snapshot that is gone",
    arguments: FaultyDisk.Effect.allCases, [false, true])
  func joined(effect: FaultyDisk.Effect, restarts: Bool) throws {
    let source = founded(try LifeScript(blocks: 9, snapshots: [4, 8], closing: 6), nil)
    let whole = try joined(source, nil, restarts: true)
    #expect(whole.codes.isEmpty && whole.made == Height(8))
    let calls = whole.plan.calls
    var generator = SeededGenerator(seed: 10)
    for call in 0..<calls {
      for lasts in [false, true] {
        let fault = fault(call, effect, lasts)
        let life = try joined(source, fault, restarts: restarts)
        let comment = "call \(call) of \(calls), \(fault.cause), lasting: \(lasts)"
        expectTyped(life, fault, comment)
        if !lasts { #expect(life.made == Height(8), "\(comment): \(life.codes)") }
        life.crash(.nothing, using: &generator)
        try expectKept(life, comment)
      }
    }
  }

  @Test("D9: a snapshot that cannot be finished leaves no files that keep the disk full")
  func noRemains() throws {
    let script = try LifeScript(blocks: 9, snapshots: [4, 8])
    let calls = founded(script, nil).plan.calls
    for call in 0..<calls {
      let life = founded(script, fault(call, .part, false))
      let remains = try life.snapshots.disk.list().filter { !$0.hasSuffix(".snapshot") }
      #expect(remains.isEmpty, "call \(call): \(remains)")
    }
  }
}
