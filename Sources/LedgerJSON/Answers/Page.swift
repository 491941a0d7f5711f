public import Primitives

/// A part of a list.
public struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  public var items: [Item]
  /// The height for which the answer is true: it includes every final block up to this height. The node may know more
  /// blocks.
  public var height: Height
  /// The height at which the list begins if the node lacks what came before; absent if it has everything.
  public var beginsAt: Height?
  /// The value to request the next part with (as `after`, or as `before` in histories); absent in the last part.
  public var next: String?

  public init(items: [Item], height: Height, beginsAt: Height? = nil, next: String? = nil) {
    self.items = items
    self.height = height
    self.beginsAt = beginsAt
    self.next = next
  }
}
