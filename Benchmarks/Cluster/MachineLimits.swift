import Cryptography
import Foundation
import Primitives

/// The limits of this machine, measured in the same run: disk syncs and signature operations.
struct MachineLimits {
  var syncMilliseconds: Double
  var signMicroseconds: Double
  var verifyMicroseconds: Double

  var text: String {
    String(
      format: "machine: %d cores; write and sync of 4 KiB over written blocks %.2f ms (median of 200); "
        + "P-256 sign %.0f us, verify %.0f us on one core",
      ProcessInfo.processInfo.activeProcessorCount, syncMilliseconds, signMicroseconds, verifyMicroseconds)
  }

  static func measure(in directory: String) throws -> MachineLimits {
    let key = try PrivateKey.generate(.p256SHA256)
    var verifier = SignatureVerifier(.p256SHA256)
    let message = [UInt8](repeating: 7, count: 200)
    let signature = try key.sign(message)
    return MachineLimits(
      syncMilliseconds: try sync(beside: directory) * 1000,
      signMicroseconds: try median(200) { _ = try key.sign(message) } * 1e6,
      verifyMicroseconds: median(200) { _ = verifier.verify(signature, of: message, by: key.publicKey) } * 1e6)
  }

  private static func sync(beside directory: String) throws -> Double {
    let path = directory + ".sync"
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(.EIO) }
    defer {
      close(descriptor)
      unlink(path)
    }
    let block = [UInt8](repeating: 1, count: 4096)
    // Writes to blocks that already exist, like those of the log's prepared segments.
    for index in 0..<200 { pwrite(descriptor, block, block.count, off_t(index * 4096)) }
    fsync(descriptor)
    var offset: off_t = 0
    return median(200) {
      pwrite(descriptor, block, block.count, offset)
      fdatasync(descriptor)
      offset += 4096
    }
  }

  private static func median(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
    var seconds: [Double] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      try body()
      seconds.append((ContinuousClock.now - start).seconds)
    }
    return seconds.sorted()[count / 2]
  }
}
