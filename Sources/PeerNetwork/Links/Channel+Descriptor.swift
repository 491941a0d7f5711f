package import NIOCore

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Channel {
  /// Keeps the channel's socket from programs that this process starts. The one that describes a crash runs on for
  /// minutes, and would hold the port and its connections as long. To be called on the channel's event loop.
  package func closeOnExec() {
    _ = try? pipeline.syncOperations.withUnsafeTransportIfAvailable { (descriptor: NIOBSDSocket.Handle) in
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }
}
