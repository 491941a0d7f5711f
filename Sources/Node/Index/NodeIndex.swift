internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import QueryIndex
internal import Replica

/// A node's query index and the thread that fills it.
///
/// A node without an index is still a validator, so a failure is reported but not fatal.
struct NodeIndex: Sendable {
  /// Nil if the settings turn the index off, or if it could not be opened.
  let queryIndex: QueryIndex?
  /// Nil if and only if there is no index.
  let thread: IndexThread?
  private let openingFailure: QueryIndexError?

  /// Opens the index and makes it follow `store`.
  init(_ settings: NodeSettings, store: ChainStore, holds: SnapshotHolds, logger: Logger) {
    (queryIndex, openingFailure) = Self.open(settings, store.chain, logger)
    thread = queryIndex.map { Self.start($0, store, holds, logger) }
  }

  /// Why the index does not work; nil if it does or is off.
  var failure: QueryIndexError? { openingFailure ?? thread?.failure }

  private static func open(
    _ settings: NodeSettings, _ chain: ChainContext, _ logger: Logger
  ) -> (QueryIndex?, QueryIndexError?) {
    guard settings.isIndexEnabled else { return (nil, nil) }
    do throws(QueryIndexError) {
      return (try QueryIndex(path: settings.indexFile, chain: chain), nil)
    } catch {
      logger.error(
        "no query index: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
      return (nil, error)
    }
  }

  private static func start(
    _ queryIndex: QueryIndex, _ store: ChainStore, _ holds: SnapshotHolds, _ logger: Logger
  ) -> IndexThread {
    let thread = IndexThread(
      index: queryIndex,
      source: { height in
        try store.block(at: height).map { IndexedBlock(block: $0.block, outcomes: $0.execution.outcomes) }
      },
      base: { store.base },
      holds: holds,
      notice: { notice in
        switch notice {
        case .jumped(let from, let to):
          logger.notice(
            "the query index continues above height \(to); it lacks the blocks above \(from) up to that height")
        case .holdsUnknown(let fault):
          logger.warning(
            "statements of accounts begin later, with the next snapshot: \(fault.explanation)",
            metadata: ["code": "\(fault.code)", "next": "\(fault.nextStep)"])
        case .startedAgain(let reason): logger.notice("rebuilding the query index: \(reason)")
        case .stopped(let error):
          logger.error(
            "the query index stopped: \(error.explanation)",
            metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      })
    thread.follow(store.height)
    return thread
  }
}
