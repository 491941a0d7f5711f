internal import Foundation

/// Open files of the system, by number.
package enum Descriptor {
  /// Writes all of `bytes`. Returns the `errno` of what prevented it, nil if nothing did.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
        // Another program that shares the file asked for this.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&wait, 1, -1) >= 0 || errno == EINTR else { return errno }
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return nil
  }

  /// Opens what the process was started without of standard input, output and error, so that no file or socket takes its
  /// number and then what is printed. They stay as useless as they were: the one cannot be read, the others not written.
  package static func fillStandardOnes() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
