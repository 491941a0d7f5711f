internal import BlockLog
internal import Ledger
internal import Primitives

/// The file to which entries spill while a snapshot is being made.
struct SortingFile<Storage: Disk> {
  /// Where a part of the file is, in bytes.
  struct Part {
    var offset: Int
    var count: Int
  }

  private let storage: Storage
  private let name: String
  private var end = 0

  init(_ storage: Storage, name: String) throws(SnapshotFault) {
    self.storage = storage
    self.name = name
    do throws(DiskError) {
      try storage.create(name, byteCount: 0)
    } catch {
      throw .file(.disk(error))
    }
  }

  mutating func append(_ bytes: [UInt8]) throws(SnapshotFault) -> Part {
    do throws(DiskError) {
      try storage.write(name, at: end, bytes.span.bytes)
    } catch {
      throw .file(.disk(error))
    }
    defer { end += bytes.count }
    return Part(offset: end, count: bytes.count)
  }

  func read(_ part: Part) throws(SnapshotFault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: part.count)
    do throws(DiskError) {
      guard try storage.read(name, at: part.offset, into: &bytes) == part.count else {
        throw DiskError(.read, path: name, cause: .inputOutput, systemText: "the file is too short")
      }
    } catch {
      throw .file(.disk(error))
    }
    return bytes
  }

  func remove() throws(SnapshotFault) {
    do throws(DiskError) {
      try storage.remove(name)
    } catch {
      throw .file(.disk(error))
    }
  }
}
