/// Faults that go on together; then all is healed and the cluster must go on.
struct Step: Sendable, CustomStringConvertible {
  var faults: [Fault]
  var description: String { faults.map(\.description).joined(separator: " with ") }
}
