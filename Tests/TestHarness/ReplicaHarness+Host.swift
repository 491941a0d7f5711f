package import NodeCore

extension ReplicaHarness {
  /// Lends the host, for what is no step.
  package func withHost<Answer>(_ body: (inout ReplicaHost) throws -> Answer) rethrows -> Answer {
    try core.withHost(body)
  }
}
