/// A digest that an outsider may have chosen at will, as a key of a table. All its words enter the hash, because many
/// such digests may share a word.
public struct ChosenDigest: Hashable, Sendable {
  public let digest: Digest

  @inlinable
  public init(_ digest: Digest) { self.digest = digest }

  @inlinable
  public func hash(into hasher: inout Hasher) { digest.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
