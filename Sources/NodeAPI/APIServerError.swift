internal import Primitives

/// The HTTP interface could not be opened, or ended by itself.
package struct APIServerError: ExplainedError {
  package var host: String
  package var port: Int
  package var reason: String

  package var code: String { "api.cannot-listen" }
  package var explanation: String { "cannot serve HTTP on \(host):\(port): \(reason)" }
  package var nextStep: String { "choose a free port with 'api.port' in node.yaml, or stop what listens there" }
}
