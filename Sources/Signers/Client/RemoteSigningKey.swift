public import Cryptography
public import Primitives

/// A member's key in a signer process. It signs transactions only, which the process decodes.
public struct RemoteSigningKey: SigningKey {
  public let publicKey: PublicKey
  public let suite: Suite
  private let path: String
  private let hello: SignerHello

  /// Connects to the signer at a path, to learn which key it has.
  /// - Parameter description: says to the signer's operator who asks.
  public init(path: String, suite: Suite, description: String) throws(CryptoError) {
    self.path = path
    self.suite = suite
    hello = SignerHello(.member, ChainContext(suite: suite, genesis: .zero), description: description)
    do throws(SignerError) {
      publicKey = try SignerConnection(path: path, hello, milliseconds: SignerLimits.answerMilliseconds).welcome
    } catch {
      throw .signer(SigningFault(error, isAway: error.isPassing))
    }
  }

  public func sign(_ message: [UInt8]) throws(CryptoError) -> Signature {
    let refusal = SignerError.refused(.failed("a signer process signs only what it can read: transactions"))
    throw .signer(SigningFault(refusal, isAway: false))
  }

  public func sign(_ message: [UInt8], for document: [UInt8]) throws(CryptoError) -> Signature {
    do throws(SignerError) {
      let connection = try SignerConnection(path: path, hello, milliseconds: SignerLimits.answerMilliseconds)
      guard connection.welcome == publicKey else { throw .refused(.unknownKey(publicKey)) }
      let answer = try connection.ask(.transaction(document), milliseconds: SignerLimits.answerMilliseconds)
      guard case .signature(let signature) = answer else { throw connection.unexpected }
      return signature
    } catch {
      throw .signer(SigningFault(error, isAway: error.isPassing))
    }
  }
}
