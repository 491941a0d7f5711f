package import Ledger
internal import Primitives

/// The end of one part of an account's movements, as returned in `next` and accepted in `after`: `height-index-operation` of
/// the last operation that was looked at, or `height-end-number` of an expired hold.
package struct MovementCursor: Hashable, Sendable, CustomStringConvertible {
  package let place: MovementPlace

  package init(_ place: MovementPlace) { self.place = place }

  /// Returns nil for anything that `description` would not write.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let height = UInt64(parts[0]), let number = UInt32(parts[2]) else { return nil }
    let index = UInt32(parts[1])
    guard parts[1] == Self.end || index != nil else { return nil }
    place = MovementPlace(height: Height(height), index: index.map { Int($0) }, number: Int(number))
    guard description == text else { return nil }
  }

  private static let end = "end"

  package var description: String {
    "\(place.height)-\(place.index.map(String.init) ?? Self.end)-\(place.number)"
  }
}
