/// A public key in its one canonical encoding, 33 bytes for every suite.
///
/// P-256 and SM2: the compressed point (SEC 1, section 2.3.3), first byte 2 or 3. Ed25519: the byte 0xED and
/// the 32 bytes of RFC 8032. Whether it is a valid key is for Cryptography to say.
@frozen
public struct PublicKey: Hashable, Comparable, Sendable, BitwiseCopyable {
  public static let byteCount = 33

  public var prefix: UInt8
  /// The 32 bytes after the prefix. They are no hash value; they only have the same shape.
  public var body: Digest

  @inlinable
  public init(prefix: UInt8, body: Digest) {
    self.prefix = prefix
    self.body = body
  }

  /// The key whose encoding is `bytes`, or nil if it has another length.
  public init?(bytes: some Collection<UInt8>) {
    guard let prefix = bytes.first, let body = Digest(bytes: bytes.dropFirst()) else { return nil }
    self.init(prefix: prefix, body: body)
  }

  public var bytes: [UInt8] { [prefix] + body.bytes }

  @inlinable
  public static func < (left: PublicKey, right: PublicKey) -> Bool {
    left.prefix != right.prefix ? left.prefix < right.prefix : left.body < right.body
  }
}

extension PublicKey: CustomStringConvertible {
  /// 66 lower-case hexadecimal digits.
  public var description: String { Hex.encode(bytes) }

  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }
}

/// A signature, 64 bytes for every suite.
///
/// ECDSA and SM2: r and s, 32 big-endian bytes each. Ed25519: R and S as in RFC 8032.
@frozen
public struct Signature: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 64

  /// The first and the second 32 bytes; they only have a digest's shape.
  public var first: Digest
  public var second: Digest

  @inlinable
  public init(first: Digest, second: Digest) {
    self.first = first
    self.second = second
  }

  /// The signature whose encoding is `bytes`, or nil if it has another length.
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
