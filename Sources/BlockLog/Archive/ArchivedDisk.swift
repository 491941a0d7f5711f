import Primitives

/// A read-only view of several directories of one log, archives and the live one, as a single directory. It shows only
/// segments, so a `LogReader` reads the log from its first position and treats a segment that is in no directory as
/// missing.
package final class ArchivedDisk<Base: Disk>: Disk {
  private let parts: [Base]

  /// - Parameter parts: the archives, then the live directory. If a file is in several of them, the last one is read.
  package init(_ parts: [Base]) { self.parts = parts }

  package func list() throws(DiskError) -> [String] {
    var names: Set<String> = []
    for part in parts { names.formUnion(try part.list()) }
    return names.filter { SegmentHeader.number(ofFile: $0) != nil }.sorted()
  }

  package func size(of file: String) throws(DiskError) -> Int? {
    guard Self.isShown(file) else { return nil }
    for part in parts.reversed() {
      if let size = try part.size(of: file) { return size }
    }
    return nil
  }

  package func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int {
    for part in parts.reversed() {
      guard Self.isShown(file), try part.size(of: file) != nil else { continue }
      do throws(DiskError) {
        return try part.read(file, at: offset, into: &buffer)
      } catch {
        // The live log may just have been pruned; the archive then has the segment.
        if error.cause != .missing { throw error }
      }
    }
    throw DiskError(.read, path: file, cause: .missing, systemText: "in none of \(parts.count) directories")
  }

  package func create(_ file: String, byteCount: Int) throws(DiskError) { throw denied(.create, file) }
  package func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError) {
    throw denied(.write, file)
  }
  package func sync(_ file: String) throws(DiskError) { throw denied(.sync, file) }
  package func syncDirectory() throws(DiskError) { throw denied(.sync, ".") }
  package func rename(_ file: String, to target: String) throws(DiskError) { throw denied(.rename, file) }
  package func remove(_ file: String) throws(DiskError) { throw denied(.remove, file) }

  private static func isShown(_ file: String) -> Bool { SegmentHeader.number(ofFile: file) != nil }

  private func denied(_ operation: DiskError.Operation, _ file: String) -> DiskError {
    DiskError(operation, path: file, cause: .denied, systemText: "an archive is read-only")
  }
}

extension ArchivedDisk: Sendable where Base: Sendable {}
