public import Ledger
public import Primitives

/// An anchored record. `GET /v1/records/{collection}/{key}`.
public struct RecordView: Codable, Hashable, Sendable {
  public var collection: CollectionName
  public var key: String
  public var latest: RecordVersionView
  /// The height for which the answer is true.
  public var height: Height
  /// The newest versions that the node's log has, at most 1000, the oldest first; present if requested with
  /// `history=true`.
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
