/// Names a submitted transaction towards whoever submitted it.
package struct SubmissionToken: Hashable, Sendable {
  package var number: UInt64
  package init(number: UInt64) { self.number = number }
}
