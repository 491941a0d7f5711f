/// A part of a list.
public struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  public var items: [Item]
  /// What to ask the next part with (`after`, or `before` in histories); absent on the last part.
  public var next: String?

  public init(items: [Item], next: String? = nil) {
    self.items = items
    self.next = next
  }
}
