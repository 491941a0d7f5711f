package import Primitives

/// Where a part of a history ends: `height-index` of its last entry, as `next` says it and `before` takes it.
package struct HistoryCursor: Hashable, Sendable, CustomStringConvertible {
  package var height: Height
  /// The transaction's place in the block.
  package var index: Int

  package init(height: Height, index: Int) {
    self.height = height
    self.index = index
  }

  /// Nil for anything but what `description` writes.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let height = UInt64(parts[0]), let index = Int(parts[1]), index >= 0 else { return nil }
    self.init(height: Height(height), index: index)
    guard description == text else { return nil }
  }

  package var description: String { "\(height)-\(index)" }
}
