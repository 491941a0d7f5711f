/// The answer to a submission at this node: the transaction now waits for a block or is final already, or it was
/// refused.
package struct SubmissionAnswer: Sendable {
  package var token: SubmissionToken
  package var answer: Result<Acceptance, SubmissionRefusal>

  package init(token: SubmissionToken, answer: Result<Acceptance, SubmissionRefusal>) {
    self.token = token
    self.answer = answer
  }
}
