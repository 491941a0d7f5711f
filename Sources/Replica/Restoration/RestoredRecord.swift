package import Primitives

/// What a record was about, for the chain index, and what became final with it.
package struct RestoredRecord: Sendable {
  package var kind: LogEntryKind
  package var block: Digest?
  package var height: Height = .genesis
  /// Blocks that were executed again.
  package var commits: [Commit] = []
  /// All blocks that became final with the record, in order, including those below a snapshot, which were not executed.
  package var final: [FinalBlock] = []
  /// The log continues above this height, no matter what it contained before.
  package var base: Height?
}
