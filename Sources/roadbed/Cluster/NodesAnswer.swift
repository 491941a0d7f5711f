/// The answer of commands that act on nodes: the names of those nodes.
struct NodesAnswer: Encodable {
  var nodes: [String]
}
