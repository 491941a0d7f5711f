/// The parts of each block of the chain that the log keeps, in one record each.
package enum BlockPart: Sendable {
  case block
  case execution
  /// The block's own finalization, if it has one.
  case finalization
}
