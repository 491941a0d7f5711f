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
