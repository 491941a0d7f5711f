internal import COpenSSL

/// Memory for key material, owned by one value and wiped when that value's lifetime ends.
struct SecretBuffer: ~Copyable {
  private let storage: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(capacity: Int) {
    storage = .allocate(byteCount: max(1, capacity), alignment: 1)
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    storage.deallocate()
  }

  /// Lends the filled part for the duration of `body`.
  borrowing func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: storage.prefix(count)))
  }

  /// The free part of the buffer. Fill it, then call `advance`.
  var free: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: storage.dropFirst(count)) }

  mutating func advance(_ added: Int) {
    precondition(added >= 0 && added <= storage.count - count, "\(added) bytes over \(count) of \(storage.count)")
    count += added
  }
}
