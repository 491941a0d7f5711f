package import Primitives

/// Decides about requests, whose order is that of their arrival. It knows nothing of sockets; clients have numbers.
package protocol SignerDesk: AnyObject {
  var chain: ChainContext { get }
  /// What it signs; a hello for the other role is refused.
  var role: SignerRole { get }
  /// The answer to a request; nil if it has none. A refused hello ends the connection.
  func answer(_ request: SignerRequest, from client: Int) -> SignerAnswer?
  /// A client's connection has ended.
  func left(_ client: Int)
}

extension SignerDesk {
  /// Why a client with this hello is not served; nil if it may be.
  func objection(to hello: SignerHello) -> SignerRefusal? {
    if hello.version != SignerLimits.version { return .otherVersion(hello.version, own: SignerLimits.version) }
    if hello.role != role { return .otherRole }
    // A transaction names its chain itself.
    let isOfChain = role == .member || hello.genesis == chain.genesis
    return isOfChain && hello.suite == chain.suite ? nil : .otherChain(chain.genesis)
  }
}
