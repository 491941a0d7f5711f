public import Ledger
public import Primitives

/// An anchored record. `GET /v1/records/{collection}/{key}`.
public struct RecordView: Codable, Hashable, Sendable {
  public var collection: CollectionName
  public var key: String
  public var latest: RecordVersionView
  /// The height for which it is true.
  public var height: Height
  /// The versions, oldest first, at most the newest 1000; present if asked for with `history=true`.
  public var history: [RecordVersionView]?

  public init(
    collection: CollectionName, key: String, latest: RecordVersionView, height: Height,
    history: [RecordVersionView]? = nil
  ) {
    self.collection = collection
    self.key = key
    self.latest = latest
    self.height = height
    self.history = history
  }
}

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
