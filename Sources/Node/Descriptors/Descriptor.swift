internal import Foundation

/// Operations on file descriptors.
package enum Descriptor {
  /// Writes all of `bytes`. Returns the `errno` on failure, nil on success.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
        // The file is non-blocking, because another program that shares it made it so.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&wait, 1, -1) >= 0 || errno == EINTR else { return errno }
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return nil
  }

  /// Opens standard input, output and error if the process was started without them, so that no file or socket gets
  /// their numbers and then receives printed text. They stay unusable: input cannot be read, output and error cannot be
  /// written.
  package static func fillStandardOnes() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
