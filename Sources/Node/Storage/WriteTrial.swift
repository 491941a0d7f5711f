internal import BlockLog
internal import Logging

/// Tries at the start of a node whether it can write the files that it will need later.
enum WriteTrial {
  /// Throws if a folder cannot be written, which the node would otherwise discover only at its next segment or
  /// snapshot. If a folder is full, it only logs a warning, because the log can continue in the space that it has
  /// allocated.
  static func run(_ settings: NodeSettings, _ logger: Logger) throws(DiskError) {
    var folders = [settings.logDirectory, settings.snapshotDirectory]
    // An archive that does not exist yet is created when it is needed.
    if let archive = settings.archiveDirectory, (try? FileDisk(path: archive, access: .readOnly)) != nil {
      folders.append(archive)
    }
    for folder in folders {
      do throws(DiskError) {
        try FileDisk(path: folder).tryToWrite()
      } catch {
        guard error.cause == .full || error.cause == .noInodes else { throw error }
        logger.warning(
          "\(folder) cannot hold more files: \(error.systemText); the node continues in the space that its log has",
          metadata: [
            "code": "\(error.code)",
            "next":
              "\(error.cause == .full ? "free some space before the log needs its next segment" : "remove unneeded files: 'df -i' shows the inodes")",
          ])
      }
    }
  }
}
