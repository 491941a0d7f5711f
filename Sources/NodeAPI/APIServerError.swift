internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Node
internal import Primitives

/// The HTTP interface could not be opened, or ended by itself.
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
        "the host name cannot be resolved to an address"
      default: "an unexpected error of the HTTP library, \(type(of: error))"
      }
  }

  package var code: String { "api.cannot-listen" }
  package var explanation: String { "cannot serve HTTP on \(Endpoint(host: host, port: port)): \(reason)" }
  package var nextStep: String {
    "choose an address of this machine with 'api.host' and a free port with 'api.port' in node.yaml, or stop what listens "
      + "there"
  }
}
