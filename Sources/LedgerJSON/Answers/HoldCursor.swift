package import Ledger
internal import Primitives

/// The end of one part of a list of holds, as returned in `next` and accepted in `after`: the expiry of its last hold in
/// milliseconds, the reference in hexadecimal and the payer's account, with hyphens between them.
package struct HoldCursor: Sendable, CustomStringConvertible {
  package let position: HoldPosition

  package init(_ hold: HoldView) {
    position = HoldPosition(expires: hold.expires, from: hold.from, reference: hold.reference)
  }

  /// Returns nil for anything that `description` would not write.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let expires = UInt64(parts[0]),
      let reference = Hex.decode(parts[1]).flatMap({ HoldReference(bytes: $0) }), let from = AccountName(parts[2])
    else { return nil }
    position = HoldPosition(expires: Timestamp(expires), from: from, reference: reference)
    guard description == text else { return nil }
  }

  package var description: String {
    "\(position.expires.rawValue)-\(Hex.encode(position.reference.bytes))-\(position.from)"
  }
}
