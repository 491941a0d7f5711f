internal import NodeCore
package import Primitives
package import QueryIndex

extension RoadbedNode {
  /// How long a question waits for the index, and how often it looks.
  private static let indexPatience = Duration.seconds(2)
  private static let indexLook = Duration.milliseconds(5)

  /// The index as it is once it has every block that is final here by now, after a moment at most.
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

  /// What is wrong with the index, for health.
  package var indexComplaint: QueryIndexError? { index.failure }

  /// The first height that the log has, if it does not begin with the chain.
  package var beginning: Height? { store.base > .genesis ? store.base.next : nil }

  /// Whether a transaction may be final although neither the index nor the newest outcomes say so: the index lacks
  /// blocks that nothing else here remembers.
  package var isIndexCatchingUp: Bool {
    guard let queryIndex, index.failure == nil else { return false }
    return queryIndex.height < max(restoredHeight, finality.forgottenHeight)
  }
}
