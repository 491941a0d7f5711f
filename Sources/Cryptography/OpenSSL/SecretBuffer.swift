internal import COpenSSL

/// Memory for key material, owned by one value and wiped when that value's lifetime ends. It is `SecretMemory`, as long as
/// that has room.
package struct SecretBuffer: ~Copyable, @unchecked Sendable {
  // Owned by this value alone.
  private let storage: UnsafeMutableRawBufferPointer
  private let isOrdinary: Bool
  package private(set) var count = 0

  package init(capacity: Int) {
    _ = SecretMemory.standing
    let count = max(1, capacity)
    let secret = CRYPTO_secure_malloc(count, #file, #line)
    isOrdinary = secret == nil
    storage =
      secret.map { UnsafeMutableRawBufferPointer(start: $0, count: count) } ?? .allocate(byteCount: count, alignment: 1)
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    if isOrdinary { storage.deallocate() } else { CRYPTO_secure_free(storage.baseAddress, #file, #line) }
  }

  /// Lends the filled part for the duration of `body`.
  package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: storage.prefix(count)))
  }

  /// The free part of the buffer. Fill it, then call `advance`.
  package var free: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: storage.dropFirst(count)) }

  package mutating func advance(_ added: Int) {
    precondition(added >= 0 && added <= storage.count - count, "\(added) bytes over \(count) of \(storage.count)")
    count += added
  }
}
