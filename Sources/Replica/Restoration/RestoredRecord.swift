package import Primitives

/// What one record was about, for the chain index, and what became final with it.
package struct RestoredRecord: Sendable {
  package var kind: LogEntryKind
  package var block: Digest?
  package var height: Height = .genesis
  /// Blocks that were executed again.
  package var commits: [Commit] = []
  /// All blocks that became final with it, in order; also those below a snapshot, which were not executed.
  package var final: [FinalBlock] = []
  /// The log goes on above this height, whatever it held before.
  package var base: Height?
}
