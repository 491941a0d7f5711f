import Foundation

/// What the path given for a command's output refers to.
enum FileTarget: Equatable {
  case standardOutput
  case standardError
  /// The absolute path, without links, of a regular file or of one that does not exist yet.
  case file(String)
  /// A device, a pipe or a socket.
  case device

  init(_ path: String) throws(CommandError) {
    if path == "-" {
      self = .standardOutput
      return
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .fileUnwritable(path, SystemReason.text(errno)) }
      self = .file(Paths.absolute(path))
      return
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .fileUnwritable(path, "it is a directory") }
    if FileTarget.isDescriptor(path) {
      switch FileIdentity(status) {
      case FileIdentity(ofDescriptor: STDOUT_FILENO): self = .standardOutput
      case FileIdentity(ofDescriptor: STDERR_FILENO): self = .standardError
      default: self = .device
      }
    } else {
      self = status.st_mode & S_IFMT == S_IFREG ? .file(Paths.absolute(path)) : .device
    }
  }

  /// Whether the path names a file that is already open. The shell opened it and may have written to it, so it is not
  /// replaced.
  private static func isDescriptor(_ path: String) -> Bool {
    ["/dev/stdout", "/dev/stderr"].contains(path) || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/")
  }
}
