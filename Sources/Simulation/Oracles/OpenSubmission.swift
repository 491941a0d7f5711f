internal import Primitives

/// A submission that a node has not answered yet.
struct OpenSubmission {
  var expectation: Workload.Expectation
  var id: Digest?
  var node: Int
  /// The run of the node that received it. Once that run has ended, nobody answers.
  var run: UInt32
}
