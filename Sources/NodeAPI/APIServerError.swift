internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Node
internal import Primitives

/// The HTTP API could not be opened or ended unexpectedly.
package struct APIServerError: ExplainedError {
  package var host: String
  package var port: Int
  package var reason: String

  package init(host: String, port: Int, _ error: any Error) {
    self.host = host
    self.port = port
    reason =
      switch error {
      case let error as any ExplainedError: error.explanation
      case let error as IOError: "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
      case is NIOConnectionError, is SocketAddressError, is SocketAddressError.UnknownHost:
        "the host name cannot be resolved"
      default: "an unexpected error of the HTTP library, \(type(of: error))"
      }
  }

  package var code: String { "api.cannot-listen" }
  package var explanation: String { "cannot serve HTTP on \(Endpoint(host: host, port: port)): \(reason)" }
  package var nextStep: String {
    "set 'api.host' to an address of this machine and 'api.port' to a free port in node.yaml, or stop the program that "
      + "uses the port"
  }
}
