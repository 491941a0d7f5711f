package import Primitives

/// Certificates that are missing here: for each view of `first...last` of an epoch, whatever the other side holds.
package struct FetchRequest: Hashable, Sendable {
  /// Views asked for at once at most.
  package static let views: UInt64 = 64

  package var epoch: Epoch
  package var first: View
  package var last: View
  /// Whom to ask first; nil: anybody. The first try asks who must have them, later tries anybody.
  package var ask: ValidatorIndex?

  package init(epoch: Epoch, first: View, last: View, ask: ValidatorIndex?) {
    self.epoch = epoch
    self.first = first
    self.last = last
    self.ask = ask
  }
}
