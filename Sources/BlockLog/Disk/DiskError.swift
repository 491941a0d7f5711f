import Primitives

/// An operation that the operating system refused.
package struct DiskError: Error, Hashable, Sendable {
  package enum Operation: String, Sendable {
    case list, open, create, size, read, write, sync, rename, remove, lock
  }

  package enum Cause: String, CaseIterable, Sendable {
    case full
    /// There may be room for more bytes, but not for another file.
    case noInodes = "no-inodes"
    /// The process or the system has no file descriptor left.
    case noDescriptors = "no-descriptors"
    case readOnly = "read-only"
    case inputOutput = "input-output"
    case missing
    case denied
    case other
  }

  package var operation: Operation
  /// The path of the file or the directory.
  package var path: String
  package var cause: Cause
  /// The system's own error text, with the error number.
  package var systemText: String
  /// Bytes that the operation wanted to write or reserve, 0 if none.
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
    case .other: "resolve the problem that the system reports, then start the node again"
    }
  }
}
