internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import NodeCore
internal import Primitives
internal import QueryIndex

/// The route for an anchored record. The state has its latest version; earlier ones come from the log, where the query index
/// finds them.
struct RecordRoutes: Sendable {
  /// Collections and keys may contain any character, so both are percent-encoded.
  static let path = "/v1/records/{collection}/{key}"

  /// The greatest number of versions shown, and the bytes of blocks after which a history ends early; the newest are shown.
  private static let versionLimit = 1000
  private static let blockBytes = 16 << 20

  let node: RoadbedNode
  let reads: Reads

  func add(to router: Router<APIContext>) {
    router.get(RouterPath(Self.path)) { request, context -> Response in
      let (collection, key) = (try context.collection(), try context.decoded("key"))
      guard try Query(request, ["history"]).flag("history") else {
        return try .json(try await reads.run(for: context.client) { try await record(collection, key) })
      }
      // Outside the gate: waiting for the index takes nothing from others.
      let index = try await node.levelIndex().index
      return try .json(
        try await reads.run(for: context.client) {
          var view = try await record(collection, key)
          view.history = try versions(of: view, index)
          return view
        })
    }
  }

  private func record(_ collection: CollectionName, _ key: String) async throws -> RecordView {
    let found = try await node.read { ledger in
      ledger.record(collection, key: key).map {
        RecordView(collection: collection, key: key, latest: RecordVersionView($0), height: ledger.point.height)
      }
    }
    guard let found else { throw RequestError.unknown("record", "\(collection)/\(key)") }
    return found
  }

  /// The newest versions that the log still has, the oldest first.
  private func versions(of record: RecordView, _ index: QueryIndex) throws -> [RecordVersionView] {
    let indexed = try index.recordVersions(
      record.collection, record.key, before: record.latest.version + 1, limit: Self.versionLimit)
    var views: [RecordVersionView] = []
    var bytes = 0
    var block: StoredBlock?
    for version in indexed.prefix(while: { $0.place.height > node.store.base }) {
      if block?.block.height != version.place.height {
        guard bytes < Self.blockBytes else { break }
        block = try node.store.block(at: version.place.height)
        bytes += block?.block.bytes.count ?? 0
      }
      guard let block else { break }
      views.append(try view(of: version, block))
    }
    return views.reversed()
  }

  private func view(of version: IndexedRecordVersion, _ stored: StoredBlock) throws -> RecordVersionView {
    let transaction = SignedTransaction(stored.block.transaction(at: version.place.index))
    let operations = transaction.operations
    guard operations.indices.contains(version.operation), case .recordAnchor(let anchor) = operations[version.operation]
    else { throw RequestError.pruned(version.place.height, node) }
    var view = RecordVersionView(
      version: version.version, author: anchor.author, contentDigest: anchor.content, metadata: anchor.metadata,
      time: stored.block.header.timestamp)
    view.transaction = transaction.id
    view.height = version.place.height
    return view
  }
}

extension RecordVersionView {
  fileprivate init(_ record: RecordVersion) {
    self.init(
      version: record.version, author: record.author, contentDigest: record.content,
      metadata: record.metadata, time: record.time)
    if record.version > 1 { previous = record.previous }
  }
}
