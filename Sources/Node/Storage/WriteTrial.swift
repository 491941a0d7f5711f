internal import BlockLog
internal import Logging

/// What a node will have to write later, tried at its start.
enum WriteTrial {
  /// A folder that does not take files stops the start: the node would find out at its next segment or snapshot. A full one
  /// only warns, because the log goes on in the space that it has.
  static func run(_ settings: NodeSettings, _ logger: Logger) throws(DiskError) {
    for folder in [settings.logDirectory, settings.snapshotDirectory, settings.archiveDirectory].compactMap(\.self) {
      do throws(DiskError) {
        try FileDisk(path: folder).tryToWrite()
      } catch {
        guard error.cause == .full || error.cause == .noInodes else { throw error }
        logger.warning(
          "\(folder) takes no more files: \(error.explanation)",
          metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
      }
    }
  }
}
