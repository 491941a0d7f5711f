internal import COpenSSL
public import Primitives

/// The hash function of a suite with its own context: one per thread, reused for every hash.
///
/// Holds an `EVP_MD` that is fetched once and an `EVP_MD_CTX`: an implicit fetch per call would cost three times as
/// much as the hash itself (`EVP_DigestInit_ex2` in the OpenSSL 3 manual).
public struct HashFunction: ~Copyable, @unchecked Sendable {
  public let suite: Suite
  // Owned by this value alone, so they may move between threads but must not be shared.
  private let algorithm: OpaquePointer
  private let context: OpaquePointer

  public init(_ suite: Suite) {
    let name =
      switch suite {
      case .p256SHA256, .ed25519SHA256: "SHA256"
      case .sm2SM3: "SM3"
      }
    guard let algorithm = EVP_MD_fetch(nil, name, nil), let context = EVP_MD_CTX_new() else {
      preconditionFailure("OpenSSL does not provide \(name), or there is no memory left")
    }
    self.suite = suite
    self.algorithm = algorithm
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
    EVP_MD_free(algorithm)
  }

  /// Starts a hash and drops an unfinished one.
  public mutating func begin() {
    let started = EVP_DigestInit_ex2(context, algorithm, nil)
    precondition(started == 1, "EVP_DigestInit_ex2 failed")
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let updated = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(updated == 1, "EVP_DigestUpdate failed")
  }

  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { update($0) }
  }

  public mutating func finish() -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let finished = withUnsafeMutableBytes(of: &words) { raw in
      EVP_DigestFinal_ex(context, raw.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
    }
    precondition(finished == 1, "EVP_DigestFinal_ex failed")
    return Digest(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
  }

  /// The hash of `bytes`.
  public mutating func hash(_ bytes: RawSpan) -> Digest {
    begin()
    update(bytes)
    return finish()
  }

  /// The hash of `bytes`.
  public mutating func hash(_ bytes: [UInt8]) -> Digest {
    hash(bytes.span.bytes)
  }
}
