import BlockLog
import Primitives
import Replica
import Testing

@testable import Signers

@Testing.Suite("What a signer has signed, on its disk")
struct SignerGuardTests {
  private typealias Samples = SignerSamples

  private func open(_ disk: MemoryDisk) throws -> SignerGuard<MemoryDisk> {
    try SignerGuard.open(disk, chain: Samples.chain, leastSlots: 4).memory
  }

  /// The code of the refusal, nil if the statement may be signed.
  private func refusal(_ memory: SignerGuard<MemoryDisk>, _ statement: Statement) -> String? {
    do throws(SignerRefusal) {
      try memory.admit(statement)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("G1: what was signed is refused to be contradicted, also by the next process, and may be repeated")
  func contradictions() throws {
    let disk = MemoryDisk()
    var memory = try open(disk)
    try memory.admit(Samples.notarize(1))
    try memory.admit(Samples.nullify(2))
    for _ in 0..<2 {
      #expect(refusal(memory, Samples.notarize(1, 2)) == "signer.conflict")
      #expect(refusal(memory, Samples.notarize(2)) == "signer.conflict")
      #expect(refusal(memory, Samples.finalize(2)) == "signer.conflict")
      #expect(refusal(memory, Samples.notarize(1)) == nil)
      memory = try open(disk)
    }
  }

  @Test("G2: nothing at or below a final round is signed, nor anything of another epoch, also after a crash")
  func replays() throws {
    let disk = MemoryDisk()
    var memory = try open(disk)
    try memory.admit(Samples.notarize(3))
    memory.finalized(Samples.round(5))
    try memory.admit(Samples.notarize(6))
    var generator = SeededGenerator(seed: 1)
    disk.crash(.nothing, using: &generator)
    memory = try open(disk)
    #expect(memory.floor == Samples.round(5))
    #expect(memory.statements == [Samples.notarize(6)])
    for view in 1...5 { #expect(refusal(memory, Samples.nullify(UInt64(view))) == "signer.conflict") }
    #expect(refusal(memory, .nullify(epoch: Epoch(1), view: View(9))) == "signer.conflict")
    memory.finalized(Round(epoch: Epoch(1), view: .genesis))
    #expect(refusal(memory, .nullify(epoch: Epoch(1), view: View(9))) == nil)
  }

  @Test("G3: whatever the crash, a statement that was signed is remembered", arguments: MemoryDisk.Survival.allCases)
  func crashes(survival: MemoryDisk.Survival) throws {
    // With four slots the file is replaced twice on the way.
    let statements = (1...11).map { Samples.notarize(UInt64($0)) }
    for seed in 0..<4 {
      for operations in 0..<40 {
        let disk = MemoryDisk()
        disk.operationsLeft = operations
        var signed: [Statement] = []
        do {
          let memory = try open(disk)
          for statement in statements {
            try memory.admit(statement)
            signed.append(statement)
            if statement.view == View(5) { memory.finalized(Samples.round(3)) }
          }
        } catch {}
        var generator = SeededGenerator(seed: UInt64(seed))
        disk.crash(survival, using: &generator)
        let memory = try open(disk)
        for statement in signed {
          #expect(
            refusal(memory, Samples.notarize(statement.view.rawValue, 2)) == "signer.conflict",
            "\(statement) after \(operations) operations")
        }
        #expect(refusal(memory, Samples.notarize(20)) == nil, "after \(operations) operations")
      }
    }
  }

  @Test("G4: with a disk that fails nothing is signed, and it goes on by itself once the disk works")
  func failures() throws {
    let disk = MemoryDisk()
    var memory = try open(disk)
    try memory.admit(Samples.notarize(1))
    disk.failingSyncs = 1
    #expect(refusal(memory, Samples.notarize(2)) == "signer.disk-failed")
    // What is contradicted is not asked of the disk.
    #expect(refusal(memory, Samples.notarize(1, 2)) == "signer.conflict")
    #expect(refusal(memory, Samples.notarize(2)) == nil)
    disk.failingWrites = 2
    #expect(refusal(memory, Samples.notarize(3)) == "signer.disk-failed")
    #expect(refusal(memory, Samples.notarize(3)) == "signer.disk-failed")
    #expect(refusal(memory, Samples.notarize(3)) == nil)
    // The file has no room for a fifth record, and another file has none on the disk.
    try memory.admit(Samples.notarize(4))
    disk.capacity = 700
    #expect(refusal(memory, Samples.notarize(5)) == "signer.disk-failed")
    #expect(refusal(memory, Samples.nullify(5)) == "signer.disk-failed")
    disk.capacity = .max
    #expect(refusal(memory, Samples.notarize(5)) == nil)
    var generator = SeededGenerator(seed: 2)
    disk.crash(.nothing, using: &generator)
    memory = try open(disk)
    for view in 1...5 { #expect(refusal(memory, Samples.notarize(UInt64(view), 2)) == "signer.conflict") }
  }

  @Test("G5: damage is refused, whichever bit of the file it is, except in the last record, which a crash may tear")
  func damage() throws {
    let disk = MemoryDisk()
    let memory = try open(disk)
    for view in 1...3 { try memory.admit(Samples.notarize(UInt64(view))) }
    let last = 3 * GuardFile.slotBytes..<5 * GuardFile.slotBytes
    for offset in 0..<5 * GuardFile.slotBytes {
      let copy = disk.copy()
      copy.flipBit(of: "guard", at: offset, bit: offset)
      do throws(SignerGuardError) {
        let opened = try SignerGuard.open(copy, chain: Samples.chain, leastSlots: 4).memory
        #expect(last.contains(offset), "byte \(offset)")
        #expect(opened.statements.count >= 2)
      } catch {
        #expect(error.code == "signer.guard-damaged")
        #expect(!(4 * GuardFile.slotBytes..<5 * GuardFile.slotBytes).contains(offset), "byte \(offset)")
      }
    }
    let short = disk.copy()
    short.replaceContents(of: "guard", with: Array((disk.contents(of: "guard") ?? []).dropLast()))
    #expect(throws: SignerGuardError.self) { try open(short) }
  }

  @Test("The guard of one chain is refused for another")
  func otherChain() throws {
    let disk = MemoryDisk()
    _ = try open(disk)
    let other = ChainContext(suite: .p256SHA256, genesis: Digest(5, 6, 7, 8))
    #expect(throws: SignerGuardError.otherChain(own: other.genesis, found: Samples.chain.genesis)) {
      try SignerGuard.open(disk, chain: other)
    }
  }

  @Test("The file stays as small as what still matters, and grows if nothing becomes final for long")
  func size() throws {
    let disk = MemoryDisk()
    let memory = try open(disk)
    for view in 1...100 {
      try memory.admit(Samples.notarize(UInt64(view)))
      memory.finalized(Samples.round(UInt64(view)))
    }
    #expect(try disk.size(of: "guard") == 5 * GuardFile.slotBytes)
    for view in 101...150 { try memory.admit(Samples.notarize(UInt64(view))) }
    #expect(try open(disk).statements.count == 50)
    #expect(try disk.list() == ["guard"])
  }
}
