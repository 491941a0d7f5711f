public import Primitives

/// A part of a list.
public struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  public var items: [Item]
  /// The height for which it is true: every final block up to it is in the answer, and the node may know more blocks.
  public var height: Height
  /// The height with which it begins, where the node does not have what came before; absent if it has everything.
  public var beginsAt: Height?
  /// What to ask the next part with (`after`, or `before` in histories); absent on the last part.
  public var next: String?

  public init(items: [Item], height: Height, beginsAt: Height? = nil, next: String? = nil) {
    self.items = items
    self.height = height
    self.beginsAt = beginsAt
    self.next = next
  }
}
