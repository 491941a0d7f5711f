internal import Primitives

/// More questions wait for an answer of this kind than the node keeps.
package struct NodeBusy: ExplainedError {
  /// The number that may wait.
  package var limit: Int

  package var code: String { "node.busy" }
  package var explanation: String { "\(limit) questions wait for the node's answer already" }
  package var nextStep: String { "ask again in a moment, or ask another node" }
}
