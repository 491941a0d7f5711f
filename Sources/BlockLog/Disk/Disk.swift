import Primitives

/// One flat directory of files, as the log needs it: small, synchronous, and with the guarantees of POSIX
/// alone, so that a simulated disk may do everything that a real one may do.
///
/// What is promised: a file's bytes survive a crash once `sync` of that file has returned; a name
/// (`create`, `rename`, `remove`) survives once `syncDirectory` has returned; a rename is seen whole or not
/// at all. Until then any subset of the written sectors may be kept. After a `sync` that failed, nothing
/// is known about the bytes written since the last one that did not, and asking again proves nothing.
package protocol Disk: AnyObject {
  /// The names of all files, in ascending order.
  func list() throws(DiskError) -> [String]
  /// Makes an empty file, or empties the one there is, and reserves `byteCount` bytes that read as zero.
  func create(_ file: String, byteCount: Int) throws(DiskError)
  /// Length in bytes, or nil if there is no such file.
  func size(of file: String) throws(DiskError) -> Int?
  /// Fills `buffer` from `offset`; returns how many bytes there were, less than asked only at the file's end.
  func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int
  /// Writes all of `bytes` at `offset`.
  func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError)
  func sync(_ file: String) throws(DiskError)
  func syncDirectory() throws(DiskError)
  /// Gives `file` the name `target`, replacing what had it.
  func rename(_ file: String, to target: String) throws(DiskError)
  /// Removes the file; a file that is not there is no error.
  func remove(_ file: String) throws(DiskError)
  /// Says that the file's bytes, which are synced, will seldom be read: the memory that holds copies of them may go. A
  /// hint only.
  func release(_ file: String)
}

extension Disk {
  package func release(_ file: String) {}
}

/// What the operating system refused.
package struct DiskError: Error, Hashable, Sendable {
  package enum Operation: String, Sendable {
    case list, open, create, size, read, write, sync, rename, remove, lock
  }

  package enum Cause: String, CaseIterable, Sendable {
    case full
    /// There may be room for bytes, but for no further file.
    case noInodes = "no-inodes"
    /// The process, or the system, has no further file descriptor.
    case noDescriptors = "no-descriptors"
    case readOnly = "read-only"
    case inputOutput = "input-output"
    case missing
    case denied
    case other
  }

  package var operation: Operation
  /// The file's path, or the directory's.
  package var path: String
  package var cause: Cause
  /// The system's own words, with the number.
  package var systemText: String
  /// Bytes that the operation wanted to place, 0 if it wanted none.
  package var byteCount: Int

  package init(_ operation: Operation, path: String, cause: Cause, systemText: String, byteCount: Int = 0) {
    self.operation = operation
    self.path = path
    self.cause = cause
    self.systemText = systemText
    self.byteCount = byteCount
  }
}

extension DiskError: ExplainedError {
  package var code: String { "disk.\(cause.rawValue)" }

  package var explanation: String {
    let bytes = byteCount > 0 ? " (\(byteCount) bytes)" : ""
    return "\(operation.rawValue) of \(path)\(bytes) failed: \(systemText)"
  }

  package var nextStep: String {
    switch cause {
    case .full:
      "free \(byteCount > 0 ? "at least \(byteCount) bytes" : "some space") on the disk of \(path), then start the node "
        + "again; nothing else is needed"
    case .noInodes:
      "the file system of \(path) has no inode left ('df -i' shows this): remove unneeded files, then start the "
        + "node again; nothing else is needed"
    case .noDescriptors:
      "raise the node's limit of open files ('ulimit -n', LimitNOFILE under systemd) or the system's, then start the "
        + "node again"
    case .readOnly:
      "the file system of \(path) is mounted read-only, often after a disk error: check the system's log, "
        + "mount it for writing or move the files that the node writes (files.* in node.yaml), then start the node again"
    case .inputOutput:
      "check the disk (system log, SMART), move the directory to a healthy disk, then start the node again"
    case .missing: "check that the data directory is the right one and is mounted"
    case .denied: "give the node's user read and write permission for \(path)"
    case .other: "resolve what the system names, then start the node again"
    }
  }
}
