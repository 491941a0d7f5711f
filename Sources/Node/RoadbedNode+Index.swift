internal import NodeCore
package import Primitives
package import QueryIndex

extension RoadbedNode {
  /// How long a query waits for the index to catch up.
  private static let indexPatience = Duration.seconds(2)
  /// The interval at which a waiting query checks the index.
  private static let indexLook = Duration.milliseconds(5)

  /// The status of the index once it has every block that is final here at the time of the call. Waits two seconds at
  /// most.
  package func indexStanding() async -> IndexStatus {
    guard settings.isIndexEnabled else { return .off }
    let wanted = store.height
    let deadline = ContinuousClock.now + Self.indexPatience
    while true {
      if let complaint = index.failure { return .failed(complaint) }
      guard let queryIndex else { return .off }
      let height = queryIndex.height
      if height >= wanted { return .level(queryIndex, height) }
      index.thread?.hurry(to: wanted)
      let isOver = .now >= deadline || finality.isClosed
      if isOver { return .behind(height, of: wanted) }
      do {
        try await Task.sleep(for: Self.indexLook)
      } catch {
        return .behind(height, of: wanted)
      }
    }
  }

  /// Why the index does not work, for the health report; nil if it does or is off.
  package var indexComplaint: QueryIndexError? { index.failure }

  /// The first height in the log; nil if the log begins with the chain.
  package var beginning: Height? { store.base > .genesis ? store.base.next : nil }

  /// Whether a transaction may be final although neither the index nor the recent outcomes contain it, because the
  /// index still lacks blocks that nothing else in memory covers.
  package var isIndexCatchingUp: Bool {
    guard let queryIndex, index.failure == nil else { return false }
    return queryIndex.height < max(restoredHeight, finality.forgottenHeight)
  }
}
