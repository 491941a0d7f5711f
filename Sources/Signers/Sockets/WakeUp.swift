internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Wakes up a thread that polls, once and for good.
final class WakeUp: Sendable {
  private let reading: UnixSocket
  private let writing: UnixSocket
  private let signalled = Atomic(false)

  init(_ path: String) throws(SignerError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .unreachable(path: path, reason: systemText(errno)) }
    reading = UnixSocket(ends[0])
    writing = UnixSocket(ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  var descriptor: Int32 { reading.descriptor }
  var isSignalled: Bool { signalled.load(ordering: .acquiring) }

  func signal() {
    guard !signalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    _ = systemWrite(writing.descriptor, &byte, 1)
  }
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
