/// A public key in its one canonical encoding, 33 bytes for every suite.
///
/// P-256 and SM2: the compressed point (SEC 1, section 2.3.3), whose first byte is 2 or 3. Ed25519: the byte 0xED and
/// the 32 bytes of RFC 8032. The module Cryptography decides whether the bytes are a valid key.
@frozen
public struct PublicKey: Hashable, Comparable, Sendable, BitwiseCopyable {
  public static let byteCount = 33

  public var prefix: UInt8
  /// The 32 bytes after the prefix. They are not a hash; they only have the same shape.
  public var body: Digest

  @inlinable
  public init(prefix: UInt8, body: Digest) {
    self.prefix = prefix
    self.body = body
  }

  /// Creates the key whose encoding is `bytes`. Returns nil if `bytes` has another length.
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
