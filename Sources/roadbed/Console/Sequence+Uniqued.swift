extension Sequence where Element: Hashable {
  /// The elements without duplicates, in the order of their first appearance.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
