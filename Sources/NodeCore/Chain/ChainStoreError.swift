package import Primitives

/// A committed block that cannot be read back.
package struct ChainStoreError: ExplainedError {
  package var height: Height
  package var cause: any Error

  package var code: String { (cause as? any ExplainedError)?.code ?? "chain.unreadable" }
  package var explanation: String {
    "block \(height) cannot be read from the log: "
      + ((cause as? any ExplainedError)?.explanation ?? "\(cause)")
  }
  package var nextStep: String {
    (cause as? any ExplainedError)?.nextStep ?? "run 'roadbed audit' on the node's directory"
  }
}
