package import Primitives
package import QueryIndex

/// How far the query index is.
package enum IndexStatus: Sendable {
  /// The settings turn the index off.
  case off
  case failed(QueryIndexError)
  /// The index lacks blocks that this node has reported as final.
  case behind(Height, of: Height)
  /// The index has every block up to this height, and so all that this node had reported as final at the time of the
  /// query.
  case level(QueryIndex, Height)
}
