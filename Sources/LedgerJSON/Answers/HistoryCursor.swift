package import Primitives

/// The end of one part of a history: `height-index` of its last entry, as returned in `next` and accepted in
/// `before`.
package struct HistoryCursor: Hashable, Sendable, CustomStringConvertible {
  package var height: Height
  /// The transaction's index in the block.
  package var index: Int

  package init(height: Height, index: Int) {
    self.height = height
    self.index = index
  }

  /// Returns nil for anything that `description` would not write.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let height = UInt64(parts[0]), let index = Int(parts[1]), index >= 0 else { return nil }
    self.init(height: Height(height), index: index)
    guard description == text else { return nil }
  }

  package var description: String { "\(height)-\(index)" }
}
