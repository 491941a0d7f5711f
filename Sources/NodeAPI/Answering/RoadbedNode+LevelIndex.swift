internal import HTTPTypes
internal import Node
internal import Primitives
internal import QueryIndex

extension RoadbedNode {
  /// The index, once it contains everything final at this node, and the height up to which it is complete.
  func levelIndex() async throws -> (index: QueryIndex, height: Height) {
    switch await indexStanding() {
    case .level(let index, let height): return (index, height)
    case .failed(let error): throw RequestError(.serviceUnavailable, error)
    case .off:
      throw RequestError(
        .notFound, code: "index.off", "this node keeps no query index",
        nextStep: "set 'index.enabled: true' in node.yaml and restart it, or ask another node")
    case .behind(let height, let wanted): throw RequestError.indexBehind(height, wanted)
    }
  }
}

extension RequestError {
  static func indexBehind(_ height: Height, _ wanted: Height) -> RequestError {
    RequestError(
      .serviceUnavailable, code: "index.catching-up",
      "the query index is at height \(height), but block \(wanted) is already final",
      nextStep: "ask again in a moment, or ask another node",
      retryAfter: 1)
  }
}
