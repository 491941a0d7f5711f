/// Processes many items with a bounded number in progress at a time.
enum Parallel {
  static func map<Item: Sendable, Value: Sendable>(
    _ items: [Item], width: Int, _ body: @escaping @Sendable (Item) async throws -> Value
  ) async throws -> [Value] {
    var values: [Value?] = Array(repeating: nil, count: items.count)
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
      var next = 0
      while next < min(width, items.count) {
        let index = next
        group.addTask { (index, try await body(items[index])) }
        next += 1
      }
      while let (index, value) = try await group.next() {
        values[index] = value
        guard next < items.count else { continue }
        let following = next
        group.addTask { (following, try await body(items[following])) }
        next += 1
      }
    }
    return values.compactMap(\.self)
  }
}
