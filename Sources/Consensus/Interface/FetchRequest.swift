package import Primitives

/// A request for missing certificates: every certificate that the peer holds for the views `first...last` of an
/// epoch.
package struct FetchRequest: Hashable, Sendable {
  /// The maximum number of views in one request.
  package static let views: UInt64 = 64

  package var epoch: Epoch
  package var first: View
  package var last: View
  /// The validator to ask, which must have the certificates; nil for any validator. Retries may go to any validator.
  package var ask: ValidatorIndex?

  package init(epoch: Epoch, first: View, last: View, ask: ValidatorIndex?) {
    self.epoch = epoch
    self.first = first
    self.last = last
    self.ask = ask
  }
}
