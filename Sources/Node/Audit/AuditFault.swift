internal import BlockLog
package import Primitives

/// The first thing that an audit found wrong, and where.
package struct AuditFault: ExplainedError, Hashable {
  package var code: String
  package var explanation: String
  /// Of the record, counted from 1.
  package var position: LogPosition
  /// What the record is about, 0 if nothing.
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
