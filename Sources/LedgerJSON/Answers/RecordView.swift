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
