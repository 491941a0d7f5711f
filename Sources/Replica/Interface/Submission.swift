/// One transaction from a client.
package struct Submission: Sendable {
  package var token: SubmissionToken
  package var bytes: [UInt8]

  package init(token: SubmissionToken, bytes: [UInt8]) {
    self.token = token
    self.bytes = bytes
  }
}
