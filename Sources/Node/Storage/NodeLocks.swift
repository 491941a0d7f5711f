internal import BlockLog
internal import Signers
internal import Tokens

/// Locks a node's directory, and its log and the file of its vote key wherever they are, against other processes.
struct NodeLocks: ~Copyable {
  private let directory: DirectoryLock
  private let log: DirectoryLock
  private let key: DirectoryLock?

  /// Acquires the locks, and creates the folder of the log if it is missing.
  init(_ settings: NodeSettings) throws {
    let directory = try DirectoryLock(path: settings.lockFile)
    _ = try FileDisk(path: settings.logDirectory)
    let log = try DirectoryLock(directory: settings.logDirectory)
    let isKeyInFile = settings.signerSocket == nil && !settings.voteKeyFile.hasPrefix(TokenURI.scheme)
    key = try isKeyInFile ? VoteKeyFiles.lock(settings.voteKeyFile) : nil
    self.directory = directory
    self.log = log
  }
}
