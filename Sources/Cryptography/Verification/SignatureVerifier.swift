public import Primitives

/// Verifies the signatures of one suite. Each worker has one, reuses it for every signature, and never shares it.
///
/// The answer depends on the bytes alone and is the same on every node: one form of a signature and one encoding of a
/// key are accepted, all others refused (attack E5). Verification never traps and never throws, whatever strangers
/// send.
public struct SignatureVerifier: ~Copyable, @unchecked Sendable {
  public let suite: Suite
  // Owned by this value alone, so they may move between threads but must not be shared.
  private var hash: HashFunction
  private var context: SigningContext
  private var keys: VerificationKeyCache

  /// The number of parsed keys that a verifier caches. Parsing a key costs a third of a verification.
  public static let cachedKeys = 4096

  public init(_ suite: Suite) {
    self.suite = suite
    hash = HashFunction(suite)
    context = SigningContext()
    keys = VerificationKeyCache(capacity: Self.cachedKeys)
  }

  /// Whether `signature` is a valid signature of `message` by `key`, in the one accepted form.
  public mutating func verify(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
    verify(signature, of: message.span.bytes, by: key)
  }

  /// Whether `signature` is a valid signature of `message` by `key`, in the one accepted form.
  public mutating func verify(_ signature: Signature, of message: RawSpan, by key: PublicKey) -> Bool {
    guard CurveOrder.isCanonical(signature, suite) else { return false }
    let cached = keys.find(key)
    guard let parsed = cached ?? (try? VerificationKey(key, suite)) else { return false }
    let valid = message.withUnsafeBytes { verify(signature, of: $0, by: parsed) }
    // Only keys that made a valid signature are cached, so that rubbish cannot displace them.
    if valid && cached == nil { keys.insert(parsed, for: key) }
    return valid
  }

  private mutating func verify(
    _ signature: Signature, of message: UnsafeRawBufferPointer, by key: VerificationKey
  )
    -> Bool
  {
    withUnsafeTemporaryAllocation(
      byteCount: SignatureEncoding.maximumDERByteCount, alignment: MemoryLayout<UInt64>.alignment
    ) { output in
      switch suite {
      case .p256SHA256:
        let count = SignatureEncoding.writeDER(signature, to: output)
        hash.begin()
        hash.update(message)
        return key.verify(.init(rebasing: output.prefix(count)), ofDigest: hash.finish())
      case .sm2SM3:
        let count = SignatureEncoding.writeDER(signature, to: output)
        return context.verify(.init(rebasing: output.prefix(count)), of: message, by: key.handle, suite)
      case .ed25519SHA256:
        signature.first.withUnsafeBytes { output.copyMemory(from: $0) }
        signature.second.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: output[32..<64]).copyMemory(from: $0)
        }
        return context.verify(.init(rebasing: output.prefix(64)), of: message, by: key.handle, suite)
      }
    }
  }

  /// The answers for all items, in the order of the items.
  public mutating func verify(batch: [VerificationItem]) -> [Bool] {
    var answers = [Bool](repeating: false, count: batch.count)
    for (index, item) in batch.enumerated() {
      answers[index] = verify(item.signature, of: item.message, by: item.key)
    }
    return answers
  }
}
