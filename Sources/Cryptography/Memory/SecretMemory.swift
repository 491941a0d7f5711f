internal import COpenSSL
internal import CSecretMemory
internal import Primitives

/// The memory in which OpenSSL keeps private keys: locked, so that it is never written to a swap file, not in core dumps,
/// and between pages that cannot be touched.
///
/// OpenSSL 3 keeps the scalars and seeds of key objects there, but decodes and encodes them in ordinary memory, which it does not
/// always wipe. So whatever handles a secret runs in `handling`, which has all that OpenSSL frees meanwhile wiped.
public enum SecretMemory {
  /// What the system allowed.
  public enum Standing: Hashable, Sendable {
    case locked
    /// It may be written to a swap file: the limit of locked memory (RLIMIT_MEMLOCK) is below what is needed.
    case notLocked
    /// There is no such memory, so keys are in ordinary memory.
    case none
  }

  /// A key takes 64 bytes, so this is enough for thousands, and for the files that they are read from.
  public static let byteCount = 1 << 20
  private static let leastBlock = 32

  /// Set up at the first use.
  public static let standing: Standing =
    switch CRYPTO_secure_malloc_init(byteCount, leastBlock) {
    case 1: .locked
    case 2: .notLocked
    default: .none
    }

  /// Whether OpenSSL wipes what it frees in `handling`.
  public static var isWiped: Bool { roadbed_secret_wipes() }

  /// Keeps this process's memory out of core dumps.
  public static func forbidCoreDumps() { roadbed_forbid_core_dumps() }

  /// Keeps other processes of the same user from attaching to this one.
  public static func forbidInspection() { roadbed_forbid_inspection() }

  /// Runs `body`, in which this thread handles a secret.
  static func handling<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    _ = standing
    roadbed_secret_begin()
    defer { roadbed_secret_end() }
    return try body()
  }
}
