import Foundation

/// A file whose blocks have all been written once, like the log's segments. It shows the minimum cost of a durable
/// write.
final class BareFile {
  private let descriptor: Int32
  private let byteCount: Int
  private var offset = 0

  init(_ path: String, byteCount: Int) throws {
    self.byteCount = byteCount
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw BenchError("cannot make \(path): \(Self.systemText)") }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    while offset < byteCount { try write(zeros) }
    try sync()
  }

  deinit { close(descriptor) }

  /// Overwrites the next bytes of the file, starting again at the beginning when it ends, and syncs them.
  func writeAndSync(_ bytes: [UInt8]) throws {
    if offset + bytes.count > byteCount { offset = 0 }
    try write(bytes)
    try sync()
  }

  private func write(_ bytes: [UInt8]) throws {
    guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else {
      throw BenchError("cannot write \(bytes.count) bytes: \(Self.systemText)")
    }
    offset += bytes.count
  }

  private func sync() throws {
    #if canImport(Darwin)
      let status = fcntl(descriptor, F_FULLFSYNC)
    #else
      let status = fdatasync(descriptor)
    #endif
    guard status == 0 else { throw BenchError("cannot sync: \(Self.systemText)") }
  }

  private static var systemText: String { String(cString: strerror(errno)) }
}
