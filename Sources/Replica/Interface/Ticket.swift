/// Identifies a piece of work that was handed out, so that its answer can be matched to it.
package struct Ticket: Hashable, Sendable {
  package var number: UInt64

  package init(number: UInt64) { self.number = number }
}
