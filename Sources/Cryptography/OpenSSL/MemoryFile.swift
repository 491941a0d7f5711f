internal import COpenSSL
internal import Primitives

/// The sole owner of a memory `BIO`. OpenSSL wipes the content of such a BIO when it frees it.
struct MemoryFile: ~Copyable {
  let bio: OpaquePointer

  /// Creates an empty BIO for writing.
  init() throws(CryptoError) {
    guard let bio = BIO_new(BIO_s_mem()) else { throw .drained("get memory") }
    self.bio = bio
  }

  /// Creates a BIO that reads `bytes`, which must outlive it.
  init(reading bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    guard let count = Int32(exactly: bytes.count), let bio = BIO_new_mem_buf(bytes.baseAddress, count) else {
      throw .drained("get memory")
    }
    self.bio = bio
  }

  deinit {
    BIO_free_all(bio)
  }

  /// Lends the written bytes for the duration of `body`.
  borrowing func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var start: UnsafeMutableRawPointer?
    let count = BIO_ctrl(bio, BIO_CTRL_INFO, 0, &start)
    return try body(UnsafeRawBufferPointer(start: start, count: max(0, count)))
  }
}
