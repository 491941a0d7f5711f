internal import BlockLog
package import Primitives

/// The first fault that an audit found, and where.
package struct AuditFault: ExplainedError, Hashable {
  package var code: String
  package var explanation: String
  /// The position of the record, counted from 1.
  package var position: LogPosition
  /// The height that the record concerns; 0 if it concerns none.
  package var height: Height

  package var nextStep: String {
    "do not rely on this directory from there on: compare it with another node's, and let this node rebuild its log "
      + "from its peers"
  }

  package init(_ error: some ExplainedError, at position: LogPosition, height: Height) {
    self.init(code: error.code, explanation: error.explanation, position: position, height: height)
  }

  package init(code: String, explanation: String, position: LogPosition, height: Height) {
    self.code = code
    self.explanation = explanation
    self.position = position
    self.height = height
  }

  init(_ damage: LogDamage) { self.init(LogError.damaged(damage), at: damage.position, height: damage.height) }
}
