internal import Primitives

/// The node is stopping and no longer answers.
package struct NodeStopping: ExplainedError {
  package init() {}

  package var code: String { "node.stopping" }
  package var explanation: String { "the node is stopping" }
  package var nextStep: String { "ask another node, or this one after its restart" }
}
