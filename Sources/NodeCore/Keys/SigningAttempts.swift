package import Primitives
package import Replica

/// Answers signing requests in order: once the signer was away, nothing more is signed in that attempt.
package struct SigningAttempts: Sendable {
  private var missed: (attempt: UInt64, refusal: SigningRefusal)?

  package init() {}

  package mutating func answer(
    _ request: SigningRequest, by sign: (Statement, PublicKey) throws(SigningRefusal) -> Signature
  ) -> Result<Signature, SigningRefusal> {
    if let missed, request.attempt <= missed.attempt { return .failure(missed.refusal) }
    do throws(SigningRefusal) {
      return .success(try sign(request.statement, request.key))
    } catch {
      if case .away = error { missed = (request.attempt, error) }
      return .failure(error)
    }
  }
}
