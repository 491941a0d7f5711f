public import Primitives

/// One version of an anchored record.
public struct RecordVersion: Hashable, Sendable {
  public let collection: CollectionName
  public let key: String
  /// Numbered from 1.
  public var version: UInt64
  public var author: Name
  /// The digest of the document, as its author gave it.
  public var content: Digest
  public var metadata: [UInt8]
  /// The time of the block that anchored this version.
  public var time: Timestamp

  public init(
    collection: CollectionName, key: String, version: UInt64, author: Name, content: Digest, metadata: [UInt8],
    time: Timestamp
  ) {
    self.collection = collection
    self.key = key
    self.version = version
    self.author = author
    self.content = content
    self.metadata = metadata
    self.time = time
  }
}

extension RecordVersion {
  /// Writes author, content, time and metadata.
  func encodeContent(into writer: inout Writer) {
    author.encode(into: &writer)
    writer.digest(content)
    writer.integer(time.rawValue)
    writer.mediumBytes(metadata)
  }

  init(
    collection: CollectionName, key: String, version: UInt64, contentFrom reader: inout Reader
  ) throws(CodecError) {
    guard version > 0 else { throw .invalid(field: "record version (from 1)") }
    self.collection = collection
    self.key = key
    self.version = version
    author = try Name(from: &reader, "author")
    content = try reader.digest()
    time = Timestamp(try reader.integer())
    metadata = try reader.mediumRange(limit: Limits.recordMetadataBytes, "metadata").copy(from: reader.span)
  }

  /// Whether a record may have this key.
  package static func isKey(_ text: String) -> Bool {
    (1...Limits.recordKeyBytes).contains(text.utf8.count) && PlainText.isValid(text.utf8)
  }

  /// Decodes the key of a record, which must not be empty.
  static func keyRange(_ reader: inout Reader) throws(CodecError) -> ByteRange {
    let range = try reader.textRange(limit: Limits.recordKeyBytes, "record key")
    guard range.count > 0 else { throw .invalid(field: "record key (must not be empty)") }
    return range
  }
}
