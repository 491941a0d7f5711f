/// What became of a submission at this node: it waits for a block now, or it never will.
package struct SubmissionAnswer: Sendable {
  package var token: SubmissionToken
  package var answer: Result<Acceptance, SubmissionRefusal>

  package init(token: SubmissionToken, answer: Result<Acceptance, SubmissionRefusal>) {
    self.token = token
    self.answer = answer
  }
}
