public import Cryptography
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
  /// The digest of the version before, which the state no longer has; zero for the first. The latest version thus commits
  /// to all earlier ones.
  public var previous: Digest

  public init(
    collection: CollectionName, key: String, version: UInt64, author: Name, content: Digest, metadata: [UInt8],
    time: Timestamp, previous: Digest
  ) {
    self.collection = collection
    self.key = key
    self.version = version
    self.author = author
    self.content = content
    self.metadata = metadata
    self.time = time
    self.previous = previous
  }

  /// The digest by which the next version names this one: H(tag, suite, the entry's key, its value). `hash` must be of the
  /// chain's suite.
  public func digest(hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: 512)
    StateKey.record(collection, key: key).encode(into: &writer)
    encodeValue(into: &writer)
    return hash.hash(.recordVersion, writer.bytes.span.bytes)
  }
}

extension RecordVersion {
  /// Writes version, author, content, time, metadata and the digest of the version before.
  func encodeValue(into writer: inout Writer) {
    writer.integer(version)
    author.encode(into: &writer)
    writer.digest(content)
    writer.integer(time.rawValue)
    writer.mediumBytes(metadata)
    writer.digest(previous)
  }

  init(collection: CollectionName, key: String, valueFrom reader: inout Reader) throws(CodecError) {
    self.collection = collection
    self.key = key
    version = try reader.integer()
    guard version > 0 else { throw .invalid(field: "record version (from 1)") }
    author = try Name(from: &reader, "author")
    content = try reader.digest()
    time = Timestamp(try reader.integer())
    metadata = try reader.mediumRange(limit: Limits.recordMetadataBytes, "metadata").copy(from: reader.span)
    previous = try reader.digest()
    guard (previous == .zero) == (version == 1) else {
      throw .invalid(field: "digest of the version before (zero for version 1 only)")
    }
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
