internal import NodeCore
package import Primitives
package import QueryIndex

/// What the query index can say at the moment.
package enum IndexStatus: Sendable {
  /// The settings want none.
  case off
  case failed(QueryIndexError)
  /// It lacks blocks that this node has said to be final.
  case behind(Height, of: Height)
  /// It has every block up to this height, and so all that this node had said to be final when it was asked.
  case level(QueryIndex, Height)
}

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
      if let complaint = indexComplaint { return .failed(complaint) }
      guard let queryIndex else { return .off }
      let height = queryIndex.height
      if height >= wanted { return .level(queryIndex, height) }
      hurryIndex(to: wanted)
      let isOver = .now >= deadline || finality.isClosed
      if isOver { return .behind(height, of: wanted) }
      do {
        try await Task.sleep(for: Self.indexLook)
      } catch {
        return .behind(height, of: wanted)
      }
    }
  }

  /// The first height that the log has, if it does not begin with the chain.
  package var beginning: Height? { store.base > .genesis ? store.base.next : nil }

  /// Whether a transaction may be final although neither the index nor the newest outcomes say so: the index lacks
  /// blocks that nothing else here remembers.
  package var isIndexCatchingUp: Bool {
    guard let queryIndex, indexComplaint == nil else { return false }
    return queryIndex.height < max(restoredHeight, finality.forgottenHeight)
  }
}
