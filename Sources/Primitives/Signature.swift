/// A signature, 64 bytes for every suite.
///
/// ECDSA and SM2: r and s, 32 big-endian bytes each. Ed25519: R and S as in RFC 8032.
@frozen
public struct Signature: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 64

  /// The first and the last 32 bytes. They are not digests; they only have the same shape.
  public var first: Digest
  public var second: Digest

  @inlinable
  public init(first: Digest, second: Digest) {
    self.first = first
    self.second = second
  }

  /// Creates the signature whose encoding is `bytes`. Returns nil if `bytes` has another length.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Signature.byteCount, let first = Digest(bytes: bytes.prefix(32)),
      let second = Digest(bytes: bytes.dropFirst(32))
    else { return nil }
    self.init(first: first, second: second)
  }

  public var bytes: [UInt8] { first.bytes + second.bytes }
}

extension Signature: CustomStringConvertible {
  /// 128 lower-case hexadecimal digits.
  public var description: String { Hex.encode(bytes) }

  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }
}
