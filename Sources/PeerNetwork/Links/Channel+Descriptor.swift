package import NIOCore

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Channel {
  /// Keeps programs that this process starts from inheriting the channel's socket. The program that describes a crash
  /// runs for minutes and would hold the port and its connections for as long. Must be called on the channel's event
  /// loop.
  package func closeOnExec() {
    _ = try? pipeline.syncOperations.withUnsafeTransportIfAvailable { (descriptor: NIOBSDSocket.Handle) in
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }
}
