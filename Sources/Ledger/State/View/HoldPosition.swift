package import Primitives

/// The place of a hold in a list: first what expires first, then by the payer's account and the reference.
package struct HoldPosition: Comparable, Sendable {
  package let expires: Timestamp
  package let from: AccountName
  package let reference: HoldReference

  package init(expires: Timestamp, from: AccountName, reference: HoldReference) {
    self.expires = expires
    self.from = from
    self.reference = reference
  }

  package init(_ hold: Hold) {
    self.init(expires: hold.expires, from: hold.from, reference: hold.reference)
  }

  package static func < (left: Self, right: Self) -> Bool {
    if left.expires != right.expires { return left.expires < right.expires }
    return left.from != right.from ? left.from < right.from : left.reference < right.reference
  }
}
