/// Why there is no link with a node: the last fault of one, or of an attempt to make one.
package struct LinkTrouble: Equatable, Sendable {
  package var code: String
  package var explanation: String

  package init(code: String, explanation: String) {
    self.code = code
    self.explanation = explanation
  }
}
