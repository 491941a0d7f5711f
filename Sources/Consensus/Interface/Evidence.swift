package import Primitives

/// Two votes of one validator in one view, of which an honest validator casts at most one: two different notarizes,
/// two different finalizes, or a nullify and a finalize.
package struct Evidence: Hashable, Sendable {
  package var first: Vote
  package var second: Vote

  package init(first: Vote, second: Vote) {
    self.first = first
    self.second = second
  }

  package var signer: ValidatorIndex { first.signer }
}
