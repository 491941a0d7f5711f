internal import BlockLog

/// Keeps a second process out of a node's directory, and out of its log wherever that is.
struct NodeLocks: ~Copyable {
  private let directory: DirectoryLock
  private let log: DirectoryLock

  /// Makes the folder of the log if it is missing.
  init(_ settings: NodeSettings) throws {
    let directory = try DirectoryLock(path: settings.lockFile)
    _ = try FileDisk(path: settings.logDirectory)
    let log = try DirectoryLock(directory: settings.logDirectory)
    self.directory = directory
    self.log = log
  }
}
