internal import BlockLog
package import Ledger
internal import NodeCore
internal import Primitives

/// The folders of a node's history, for programs that read it outside the node.
package struct HistoryFolders: Sendable {
  package var log: String
  package var snapshots: String
  /// The folder of the segments that left the log; nil if there is none, or it is not to be read.
  package var archive: String?

  package init(log: String, snapshots: String, archive: String? = nil) {
    self.log = log
    self.snapshots = snapshots
    self.archive = archive
  }

  /// The folders of a node with these settings. An archive that does not contain the first segment, because it was
  /// configured later or no segment has left the log yet, is ignored.
  package init(_ settings: NodeSettings) {
    self.init(log: settings.logDirectory, snapshots: settings.snapshotDirectory)
    guard let folder = settings.archiveDirectory,
      let archived = try? FileDisk(path: folder, access: .readOnly), let files = try? archived.list(),
      files.contains(SegmentHeader.fileName(1))
    else { return }
    archive = folder
  }

  func liveDisk() throws(NodeError) -> FileDisk { try Self.disk(log) }

  /// The archive and the log as one disk; nil without an archive.
  func archivedDisk() throws(NodeError) -> ArchivedDisk<FileDisk>? {
    guard let archive else { return nil }
    return ArchivedDisk([try Self.disk(archive), try liveDisk()])
  }

  /// The closings in the folders that follow from genesis without a gap.
  package func closings(_ genesis: Genesis) throws(NodeError) -> ClosingBook {
    do throws(DiskError) {
      var disks: [FileDisk] = []
      for folder in [log, snapshots, archive].compactMap(\.self) {
        do throws(DiskError) {
          disks.append(try FileDisk(path: folder, access: .readOnly))
        } catch {
          if error.cause != .missing { throw error }
        }
      }
      return try ClosingStore(disks, chain: genesis.chain).load(genesis).book
    } catch {
      throw .log(.disk(error))
    }
  }

  private static func disk(_ path: String) throws(NodeError) -> FileDisk {
    do throws(DiskError) {
      return try FileDisk(path: path, access: .readOnly)
    } catch {
      throw .log(.disk(error))
    }
  }
}
