import Foundation

/// Standard input, output and error of this process.
enum StandardStreams {
  /// Takes the places of streams that whoever started the process closed, or the next file that is opened would get what
  /// is meant for them. What is read from or written to them fails, as it should.
  static func occupy() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
