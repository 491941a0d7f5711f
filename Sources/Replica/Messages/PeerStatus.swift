package import Primitives

/// The progress that a validator reports.
package struct PeerStatus: Equatable, Sendable {
  package var epoch: Epoch
  package var view: View
  package var finalizedView: View
  package var height: Height

  package init(epoch: Epoch, view: View, finalizedView: View, height: Height) {
    self.epoch = epoch
    self.view = view
    self.finalizedView = finalizedView
    self.height = height
  }
}
