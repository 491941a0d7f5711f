/// What the log keeps of each block of the chain, a record each.
package enum BlockPart: Sendable {
  case block
  case execution
  /// The block's own finalization, if it has one.
  case finalization
}
