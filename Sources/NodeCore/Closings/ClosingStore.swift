package import BlockLog
package import Cryptography
package import Ledger
package import Primitives

/// The closings of a chain in one or more folders of a node, a file for each epoch that has ended.
///
/// They are never removed: later proofs begin with them, and so does whoever checks a snapshot of a later epoch. They are
/// in the log's folder and in that of the snapshots, so that neither depends on the other, and damage to a file takes
/// nothing. A file has its name only when all of it is durable.
package struct ClosingStore<Storage: Disk> {
  /// What is in the folders.
  package struct Found: Sendable {
    /// The closings that follow from genesis without a gap.
    package var book = ClosingBook()
    /// Those of them that are not the same in every folder.
    package var incomplete: [Closing] = []
  }

  private static var suffix: String { ".closing" }
  private static var unfinished: String { "unfinished.closing" }

  private let folders: [Storage]
  private let chain: ChainContext

  package init(_ folders: [Storage], chain: ChainContext) {
    self.folders = folders
    self.chain = chain
  }

  private static func name(_ epoch: Epoch) -> String {
    let digits = "\(epoch)"
    return "\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)\(suffix)"
  }

  private static func epoch(of file: String) -> Epoch? {
    guard file.hasSuffix(suffix), let number = UInt64(file.dropLast(suffix.count)), name(Epoch(number)) == file else {
      return nil
    }
    return Epoch(number)
  }

  /// Reads all of them, and verifies each with the validators that the one before it names: files may have been copied here.
  /// What is damaged or proves nothing counts as missing, and so does what follows a gap.
  /// - Parameter holds: returns whether a signature is valid.
  package func load(_ genesis: Genesis, holds: (VerificationItem) -> Bool) throws(DiskError) -> Found {
    var candidates: [Epoch: [Closing]] = [:]
    for folder in folders {
      for file in try folder.list() {
        guard let epoch = Self.epoch(of: file), let closing = closing(file, in: folder), closing.epoch == epoch else {
          continue
        }
        candidates[epoch, default: []].append(closing)
      }
    }
    var found = Found()
    var hash = HashFunction(chain.suite)
    var validators = genesis.validatorSet
    var height = Height.genesis
    while let all = candidates[validators.epoch] {
      let sound = all.first { closing in
        let closings = Closings([closing], first: validators.epoch)
        // One that does not follow proves nothing.
        let items = try? closings.signatures(chain, validators, above: height, hash: &hash)
        return items?.allSatisfy(holds) ?? false
      }
      guard let sound else { break }
      found.book.note(sound)
      if all.count(where: { $0 == sound }) < folders.count { found.incomplete.append(sound) }
      validators = sound.configuration.validatorSet(of: sound.next)
      height = sound.result.height
    }
    return found
  }

  /// Nil also for a file that cannot be read: the other folder has the same, and the log or peers have what neither has.
  private func closing(_ file: String, in folder: Storage) -> Closing? {
    guard let bytes = try? ChunkFile.open(folder, name: file, chain: chain.genesis).read(0) else { return nil }
    return try? Closing(bytes: bytes)
  }

  /// Makes a closing durable in every folder, in place of any that is there.
  package func store(_ closing: Closing) throws(DiskError) {
    for folder in folders { try store(closing, in: folder) }
  }

  /// Makes closings durable in every folder. Those that are not stored yet remain in the list.
  package func store(_ closings: inout [Closing]) throws(DiskError) {
    while let closing = closings.first {
      try store(closing)
      closings.removeFirst()
    }
  }

  private func store(_ closing: Closing, in folder: Storage) throws(DiskError) {
    do throws(ChunkFileError) {
      var file = try ChunkFile.create(folder, name: Self.unfinished, chain: chain.genesis)
      try file.append(0, closing.bytes)
      try file.sync()
      try file.rename(to: Self.name(closing.epoch))
    } catch {
      guard case .disk(let error) = error else {
        preconditionFailure("the closing of epoch \(closing.epoch) cannot be written: \(error.explanation)")
      }
      throw error
    }
  }
}

extension ClosingStore: Sendable where Storage: Sendable {}
