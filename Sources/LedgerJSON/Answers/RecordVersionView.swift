public import Ledger
public import Primitives

/// One version of a record.
public struct RecordVersionView: Codable, Hashable, Sendable {
  /// Counts from 1.
  public var version: UInt64
  public var author: Name
  public var contentDigest: Digest
  /// The metadata if it is plain text, else absent and `metadataHex` has its bytes. Both are absent if there is none.
  public var metadata: String?
  public var metadataHex: String?
  /// The time of the block that anchored it.
  public var time: Timestamp

  public init(version: UInt64, author: Name, contentDigest: Digest, metadata: [UInt8], time: Timestamp) {
    self.version = version
    self.author = author
    self.contentDigest = contentDigest
    let shown = TextOrHex(metadata)
    self.metadata = shown.text
    metadataHex = shown.hex
    self.time = time
  }

  /// The metadata's bytes, whichever of the two forms they came in.
  public var metadataBytes: [UInt8] {
    if let metadata { return Array(metadata.utf8) }
    return metadataHex.flatMap { Hex.decode($0) } ?? []
  }
}
