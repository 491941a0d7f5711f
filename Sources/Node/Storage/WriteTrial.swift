internal import BlockLog
internal import Logging

/// What a node will have to write later, tried at its start.
enum WriteTrial {
  /// A folder that does not take files stops the start: the node would find out at its next segment or snapshot. A full one
  /// only warns, because the log goes on in the space that it has.
  static func run(_ settings: NodeSettings, _ logger: Logger) throws(DiskError) {
    var folders = [settings.logDirectory, settings.snapshotDirectory]
    // An archive that is not there yet is made when it is needed.
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
