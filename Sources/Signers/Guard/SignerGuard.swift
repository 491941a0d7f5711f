package import BlockLog
package import Primitives
internal import Replica

/// What a signer process has signed, on its disk: the guard that outlives the process.
///
/// A statement's record is durable before `admit` returns, so before anybody gets a signature. The file has a fixed size, and
/// records overwrite zeros that are on the disk already: one sync for each statement changes no directory and no length.
/// When the file is full, and when a sync failed, after which nothing is known about what was written, another file with all
/// that still matters takes its place.
package final class SignerGuard<Storage: Disk> {
  private let disk: Storage
  private let chain: ChainContext
  private let leastSlots: Int
  private var memory: VoteGuard
  /// The number of records that the file has, and for how many it has room.
  private var used = 0
  private var slots = 0
  /// Why nothing can be kept at the moment.
  private var fault: DiskError?

  package static var file: String { "guard" }
  private static var newFile: String { "guard-new" }

  private init(_ disk: Storage, _ chain: ChainContext, leastSlots: Int, _ content: GuardFile.Content?) {
    self.disk = disk
    self.chain = chain
    self.leastSlots = leastSlots
    memory = content?.memory ?? VoteGuard(epoch: .first)
    used = content?.used ?? 0
    slots = content?.slots ?? 0
  }

  /// Opens the guard of a directory, or begins one.
  /// - Parameter leastSlots: for how many records a new file has room.
  package static func open(
    _ disk: Storage, chain: ChainContext, leastSlots: Int = 2048
  ) throws(SignerGuardError) -> (memory: SignerGuard, isNew: Bool) {
    let bytes: [UInt8]?
    do throws(DiskError) { bytes = try contents(of: disk) } catch { throw .disk(error) }
    var content: GuardFile.Content?
    if let bytes { content = try GuardFile.read(bytes, chain: chain) }
    let memory = SignerGuard(disk, chain, leastSlots: leastSlots, content)
    // What a crash left of a record is not to be mistaken for damage once others follow it.
    if content?.isTorn ?? true {
      do throws(DiskError) { try memory.rewrite() } catch { throw .disk(error) }
    }
    return (memory, content == nil)
  }

  /// The bytes of the file, nil if there is none.
  private static func contents(of disk: Storage) throws(DiskError) -> [UInt8]? {
    // Written when a process ended, and never used.
    try disk.remove(newFile)
    guard let size = try disk.size(of: file) else { return nil }
    // A file of another length is refused for that.
    var bytes = [UInt8](repeating: 0, count: min(size, GuardFile.longest + 1))
    let count = try disk.read(file, at: 0, into: &bytes)
    return Array(bytes.prefix(count))
  }

  /// Nothing at or below this round is signed any more.
  package var floor: Round { memory.floor }

  /// What was signed above the floor, by round.
  package var statements: [Statement] { memory.statements }

  /// Makes durable that the statement is signed, unless it was already. Throws if it would contradict what was signed before,
  /// or if the disk does not keep it.
  package func admit(_ statement: Statement) throws(SignerRefusal) {
    if let conflict = memory.conflict(with: statement) { throw .conflict(with: conflict) }
    try recover()
    guard !memory.remembers(statement) else { return }
    // Remembered even if it turns out not to be durable: that is stricter, and the next file has it.
    memory.remember(statement)
    do throws(DiskError) {
      if used == slots { return try rewrite() }
      try write(GuardFile.record(statement, number: UInt64(used) + 1, floor: memory.floor), slot: used)
      try disk.sync(Self.file)
      used += 1
    } catch {
      fault = error
      throw .disk(error.explanation)
    }
  }

  /// Tries again what failed, if anything did.
  package func recover() throws(SignerRefusal) {
    guard fault != nil else { return }
    do throws(DiskError) {
      try rewrite()
      fault = nil
    } catch {
      fault = error
      throw .disk(error.explanation)
    }
  }

  /// Notes that nothing at or below this round will be signed again. The disk learns of it with the next statement: until then
  /// it has the statements themselves.
  package func finalized(_ round: Round) { memory.raiseFloor(to: round) }

  /// Writes another file with what still matters, and puts it in the place of the present one.
  private func rewrite() throws(DiskError) {
    let statements = memory.statements
    let wanted = max(leastSlots, 2 * statements.count)
    let bytes = GuardFile.bytes(statements, floor: memory.floor, chain: chain, slots: wanted)
    try disk.create(Self.newFile, byteCount: bytes.count)
    // The zeros are written too, because space that is only reserved must be marked as written later.
    try disk.write(Self.newFile, at: 0, bytes.span.bytes)
    try disk.sync(Self.newFile)
    try disk.rename(Self.newFile, to: Self.file)
    try disk.syncDirectory()
    (used, slots) = (statements.count, wanted)
  }

  private func write(_ record: [UInt8], slot: Int) throws(DiskError) {
    try disk.write(Self.file, at: GuardFile.slotBytes * (slot + 1), record.span.bytes)
  }
}
