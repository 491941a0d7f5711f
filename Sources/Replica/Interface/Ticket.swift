/// Names a piece of work given out, so that its answer finds its way back.
package struct Ticket: Hashable, Sendable {
  package var number: UInt64

  package init(number: UInt64) { self.number = number }
}
