public import Cryptography
public import Primitives
internal import Synchronization

/// A private key in a token. It never leaves the token, not even to this process.
public final class TokenKey: SigningKey {
  public let token: Token
  public let suite: Suite
  public let publicKey: PublicKey
  /// Whether the token would give the key away to who knows the PIN: it was imported, or made by other means than
  /// `Token.generate`.
  public let isExtractable: Bool
  private let place: Mutex<TokenKeyPlace>

  init(_ token: Token, _ found: FoundKey) {
    self.token = token
    suite = found.suite
    publicKey = found.publicKey
    isExtractable = found.isExtractable
    place = Mutex(found.place)
  }

  /// The label of the key in the token.
  public var label: String? { place.withLock { $0.label } }
  /// The identifier of the key in the token.
  public var id: [UInt8]? { place.withLock { $0.id } }

  /// The URI that names this key alone.
  public var uri: TokenURI {
    var uri = token.uri
    let place = place.withLock { $0 }
    (uri.object, uri.id) = (place.label, place.id)
    return uri
  }

  public func sign(_ message: [UInt8]) throws(CryptoError) -> Signature {
    do throws(TokenError) {
      return try token.sign(message, place.withLock { $0 }, publicKey, suite)
    } catch {
      throw .signer(SigningFault(error, isAway: error.isAway))
    }
  }

  /// Gives both halves another label, which no other key of the token may have.
  public func relabel(_ label: String) throws(TokenError) {
    try place.withLock { (place) throws(TokenError) in
      place = try token.relabel(place, publicKey, to: label)
    }
  }

  /// Destroys both halves. The key cannot be used again.
  public func destroy() throws(TokenError) {
    try token.destroy(place.withLock { $0 }, publicKey)
  }
}

extension TokenKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "TokenKey(\(suite.name), public \(publicKey), in \(token.identity))" }
  public var customMirror: Mirror { Mirror(self, children: ["suite": suite.name, "publicKey": publicKey.description]) }
}
