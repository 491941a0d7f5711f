/// Identifies a submitted transaction to its submitter.
package struct SubmissionToken: Hashable, Sendable {
  package var number: UInt64
  package init(number: UInt64) { self.number = number }
}
