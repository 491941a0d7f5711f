#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The time that a signer's server and clients measure pauses with.
enum SignerClock {
  private static let start = ContinuousClock.now

  /// Milliseconds since some time in this process.
  static func milliseconds() -> UInt64 {
    let passed = start.duration(to: .now).components
    return UInt64(passed.seconds) * 1000 + UInt64(passed.attoseconds / 1_000_000_000_000_000)
  }

  static func pause(microseconds: UInt32) { usleep(microseconds) }
}
