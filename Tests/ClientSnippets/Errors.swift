import Cryptography
package import Ledger
package import LedgerClient
package import LedgerJSON
import Primitives

// snippet: submit-until-known
/// Submits one transaction until its outcome is known. Sends the same bytes each time, so it is applied at most once.
package func submitUntilKnown(_ transaction: SignedTransaction, client: LedgerClient) async throws -> SubmitResult {
  while true {
    do throws(ClientError) {
      return try await client.submitAndWait(transaction)
    } catch {
      switch error {
      case .notFinal, .outcomeUnknown, .unreachable, .busy: try await Task.sleep(for: .seconds(1))
      default: throw error
      }
    }
  }
}
// end

// snippet: explain
/// An error as a line for people: the code stays the same in later versions, the words may not.
package func explained(_ error: any Error) -> String {
  guard let error = error as? any ExplainedError else { return "\(error)" }
  return "[\(error.code)] \(error.explanation). Next: \(error.nextStep)"
}
// end

// snippet: configuration
package func configuration(token: String?, certificates: String?) -> ClientConfiguration {
  var configuration = ClientConfiguration()
  configuration.token = token
  configuration.trustedCertificates = certificates
  configuration.answerTimeout = .seconds(10)
  configuration.retries.attempts = 10
  configuration.retries.longestPause = .seconds(2)
  return configuration
}
// end
