/// Faults that happen together. Afterwards everything is healed and the cluster must make progress.
struct Step: Sendable, CustomStringConvertible {
  var faults: [Fault]
  var description: String { faults.map(\.description).joined(separator: " with ") }
}
