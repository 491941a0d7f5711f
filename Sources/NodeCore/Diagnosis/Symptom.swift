package import Primitives

/// A finding whose beginning is still a reading of the node's monotonic clock, which nobody can set.
package struct Symptom: Equatable, Sendable {
  package var code: String
  package var severity: Finding.Severity
  package var since: Tick
  package var subject: Finding.Subject
  package var explanation: String
  package var nextStep: String

  package init(
    _ code: FindingCode, since: Tick, _ subject: Finding.Subject, _ explanation: String, nextStep: String
  ) {
    self.code = code.rawValue
    severity = code.severity
    self.since = since
    self.subject = subject
    self.explanation = explanation
    self.nextStep = nextStep
  }

  /// A fault that keeps the node from doing its part, under the fault's own code.
  package init(_ fault: some ExplainedError, since: Tick, _ subject: Finding.Subject) {
    code = fault.code
    severity = .critical
    self.since = since
    self.subject = subject
    explanation = fault.explanation
    nextStep = fault.nextStep
  }

  package var identity: Finding.Identity { Finding.Identity(code: code, subject: subject) }

  package func finding(_ now: Now) -> Finding {
    let age = now.tick.microseconds(since: since) / 1000
    return Finding(
      code: code, severity: severity, since: Timestamp(now.wall.rawValue - min(age, now.wall.rawValue)),
      subject: subject, explanation: explanation, nextStep: nextStep)
  }
}
