/// A literal that names a field, so that errors stay hashable, sendable and free of allocation.
public struct StaticText: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  private let text: StaticString
  public init(stringLiteral value: StaticString) { text = value }
  public var description: String { text.description }
  public static func == (left: StaticText, right: StaticText) -> Bool { left.description == right.description }
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
