internal import BlockLog

/// Where the parts of a node's history lie, for whoever reads them beside the node.
package struct HistoryFolders: Sendable {
  package var log: String
  package var snapshots: String
  /// Where the segments are that left the log; nil if they are not wanted.
  package var archive: String?

  package init(log: String, snapshots: String, archive: String? = nil) {
    self.log = log
    self.snapshots = snapshots
    self.archive = archive
  }

  /// As a node with these settings has them. An archive that does not reach back to the first segment, because it was
  /// set later or nothing left the log yet, is left out.
  package init(_ settings: NodeSettings) {
    self.init(log: settings.logDirectory, snapshots: settings.snapshotDirectory)
    guard let folder = settings.archiveDirectory,
      let archived = try? FileDisk(path: folder, access: .readOnly), let files = try? archived.list(),
      files.contains(SegmentHeader.fileName(1))
    else { return }
    archive = folder
  }

  func liveDisk() throws(NodeError) -> FileDisk { try Self.disk(log) }

  /// Archive and log as one; nil without an archive.
  func archivedDisk() throws(NodeError) -> ArchivedDisk<FileDisk>? {
    guard let archive else { return nil }
    return ArchivedDisk([try Self.disk(archive), try liveDisk()])
  }

  private static func disk(_ path: String) throws(NodeError) -> FileDisk {
    do throws(DiskError) {
      return try FileDisk(path: path, access: .readOnly)
    } catch {
      throw .log(.disk(error))
    }
  }
}
