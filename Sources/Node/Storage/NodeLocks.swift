internal import BlockLog

/// Locks a node's directory, and its log wherever it is, against other processes.
struct NodeLocks: ~Copyable {
  private let directory: DirectoryLock
  private let log: DirectoryLock

  /// Acquires both locks, and creates the folder of the log if it is missing.
  init(_ settings: NodeSettings) throws {
    let directory = try DirectoryLock(path: settings.lockFile)
    _ = try FileDisk(path: settings.logDirectory)
    let log = try DirectoryLock(directory: settings.logDirectory)
    self.directory = directory
    self.log = log
  }
}
