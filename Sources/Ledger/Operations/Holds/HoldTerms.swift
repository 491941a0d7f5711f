internal import Primitives

/// What a capture or a release says of its hold.
struct HoldTerms: Hashable {
  let asset: Name
  let from: AccountName
  let to: AccountName
  let reference: HoldReference
}
