/// What a hold gave back to its payer when it ended.
package struct HoldReturn: Hashable, Sendable {
  package let place: MovementPlace
  /// The hold as it ended, with what was left of it.
  package let hold: Hold

  package init(place: MovementPlace, hold: Hold) {
    self.place = place
    self.hold = hold
  }
}
