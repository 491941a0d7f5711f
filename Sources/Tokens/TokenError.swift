public import Cryptography
public import Primitives

/// Why a token, or a key in it, cannot be used. No case carries a PIN.
public enum TokenError: Error, Hashable, Sendable {
  case uri(TokenURIFault)
  /// The shared library cannot be used.
  case module(path: String, reason: String)
  /// No token that is present agrees with the URI; `present` are those that are there.
  case absent(present: [TokenIdentity])
  case ambiguous([TokenIdentity])
  /// The token was there and is not any more, or its session ended and cannot be opened again.
  case away(TokenIdentity, function: StaticText, code: UInt)
  case pinNeeded(TokenIdentity)
  case pinFile(CryptoError)
  case pinLength(count: Int, limit: Int)
  case pinWrong(TokenIdentity, left: PINAttempts)
  /// The token locks at the next wrong PIN, so none was tried.
  case pinFinalTry(TokenIdentity)
  case pinLocked(TokenIdentity)
  case pinNotSet(TokenIdentity)
  case pinExpired(TokenIdentity)
  /// The token has no mechanism for the suite.
  case suite(Suite, TokenIdentity, offered: [String])
  /// The URI says no key.
  case noObject
  case objectMissing(wanted: String, TokenIdentity, present: [String])
  case objectAmbiguous(wanted: String, TokenIdentity, count: Int)
  case objectExists(String, TokenIdentity)
  /// The private key has no public key of the same identifier beside it.
  case publicKeyMissing(wanted: String, TokenIdentity)
  /// The key is of a kind that no suite uses, or of another suite.
  case keySuite(wanted: String, expected: Suite?, found: Suite?)
  case keyUse(wanted: String, KeyUse)
  /// Another key has the label now.
  case keyChanged(wanted: String, expected: PublicKey, found: PublicKey)
  /// The token's first signature does not hold under the public key beside the private one.
  case firstSignature(wanted: String, TokenIdentity)
  /// The module's answer breaks the standard.
  case answer(function: StaticText, fault: String)
  /// A function failed; `code` is its CKR code.
  case call(function: StaticText, code: UInt)

  /// How many wrong PINs the token still allows, as far as it says.
  public enum PINAttempts: Hashable, Sendable { case unknown, last, none }

  /// What forbids a key to be used.
  public enum KeyUse: Hashable, Sendable { case notForSigning, pinForEachSignature }

  /// Whether the token is only out of reach, so that it may work later without anything being changed here.
  public var isAway: Bool {
    switch self {
    case .away, .absent: true
    default: false
    }
  }
}
