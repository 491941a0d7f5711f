public import Ledger
public import Primitives

/// One version of a record.
public struct RecordVersionView: Codable, Hashable, Sendable {
  /// Counted from 1.
  public var version: UInt64
  public var author: Name
  public var contentDigest: Digest
  /// The metadata if it is plain text, otherwise absent, with its bytes in `metadataHex`. Both are absent if it is
  /// empty.
  public var metadata: String?
  public var metadataHex: String?
  /// The time of the block that anchored this version.
  public var time: Timestamp
  /// The digest of the version before; only in `latest`, if it is not the first version.
  public var previous: Digest?
  /// The transaction that anchored this version, and its height; only in a history.
  public var transaction: Digest?
  public var height: Height?

  public init(version: UInt64, author: Name, contentDigest: Digest, metadata: [UInt8], time: Timestamp) {
    self.version = version
    self.author = author
    self.contentDigest = contentDigest
    let shown = TextOrHex(metadata)
    self.metadata = shown.text
    metadataHex = shown.hex
    self.time = time
  }

  /// The bytes of the metadata, whichever of the two forms they came in.
  public var metadataBytes: [UInt8] {
    if let metadata { return Array(metadata.utf8) }
    return metadataHex.flatMap { Hex.decode($0) } ?? []
  }
}
