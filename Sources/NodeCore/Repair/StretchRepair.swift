package import BlockLog
package import Primitives

/// The repair of one damaged stretch in the log of a running node: `FinalFetch` fetches the final blocks that the stretch
/// held, and the journal then rewrites it.
package struct StretchRepair: Sendable {
  package let stretch: DamagedStretch
  /// The heights to fetch; empty if no final block was in the stretch.
  package let heights: [Height]

  package init(_ stretch: DamagedStretch, _ index: some ChainIndexHolder) {
    self.stretch = stretch
    heights = index.update { $0.heights(lost: stretch) }
  }

  /// The command that rewrites the stretch with the blocks that were found, and fills the rest with a void.
  package func command(_ found: [Height: FinalRecord]) -> JournalCommand {
    if Mutation.skipLostBlocks.isOn { return .repair(stretch, heights: heights, with: []) }
    return .repair(stretch, heights: heights, with: heights.compactMap { found[$0] })
  }
}
