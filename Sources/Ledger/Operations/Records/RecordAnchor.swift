public import Primitives

/// Records the digest of a document as the next version of (collection, key). Requires the author.
public struct RecordAnchor: Hashable, Sendable {
  public var author: Name
  public var collection: CollectionName
  public var key: String
  public var content: Digest
  public var metadata: [UInt8]

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let author: Name
    public let collection: CollectionName
    public let key: ByteRange
    public let content: Digest
    public let metadata: ByteRange
  }
}

extension Operation {
  public static func recordAnchor(
    author: Name, collection: CollectionName, key: String, content: Digest, metadata: [UInt8] = []
  ) -> Operation {
    .recordAnchor(
      RecordAnchor(author: author, collection: collection, key: key, content: content, metadata: metadata))
  }
}

extension RecordAnchor: LedgerOperation {
  func encode(into writer: inout Writer) {
    author.encode(into: &writer)
    collection.encode(into: &writer)
    writer.text(key)
    writer.digest(content)
    writer.mediumBytes(metadata)
  }

  init(_ view: View, in buffer: RawSpan) {
    author = view.author
    collection = view.collection
    key = view.key.text(in: buffer)
    content = view.content
    metadata = view.metadata.copy(from: buffer)
  }

  // Only the view can name the record, because its key is a range of the buffer.
  var touched: TouchedEntries { .none }
}

extension RecordAnchor.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    author = try Name(from: &reader, "author")
    collection = try CollectionName(from: &reader)
    key = try RecordVersion.keyRange(&reader)
    content = try reader.digest()
    metadata = try reader.mediumRange(limit: Limits.recordMetadataBytes, "metadata")
  }

  var requiredAuthority: RequiredAuthority { .member(author) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(record: (collection, key)) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let member = state.members.slot(of: author) else { return .memberUnknown }
    guard !state.isSuspended(member) else { return .memberSuspended }
    guard state.signers.contains(member) else { return .authorityMissing }
    guard state.has(member, .notary) else { return .roleMissing }
    if let slot = state.collections.slot(of: collection) {
      guard state.collections.rows[Int(slot)].owner == member else { return .recordForeignCollection }
    } else {
      state.collections.create(CollectionRow(name: collection, owner: member))
    }
    let rowKey = RecordRow.Key(collection: collection, key: key.copy(from: buffer))
    var record = RecordVersion(
      collection: collection, key: key.text(in: buffer), version: 1, author: author, content: content,
      metadata: metadata.copy(from: buffer), time: state.blockTime, previous: .zero)
    guard let slot = state.records.slot(of: rowKey) else {
      state.records.create(RecordRow(key: rowKey, record: record))
      return .applied
    }
    let old = state.records.rows[Int(slot)].record
    let (version, overflow) = old.version.addingReportingOverflow(1)
    guard !overflow else { return .recordVersionOverflow }
    record.version = version
    record.previous = old.digest(hash: &state.hash)
    state.records.change(slot) { $0.record = record }
    return .applied
  }
}
