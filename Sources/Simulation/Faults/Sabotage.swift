/// What validators do that do not keep the rules.
package enum Sabotage: String, CaseIterable, Sendable {
  /// One key, two honest halves that talk to different others.
  case twins
  /// Random bytes, changed copies of sound frames, old frames again, numbers at the edge of every field.
  case noise
}
