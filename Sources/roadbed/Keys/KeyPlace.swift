import Cryptography
import Foundation
import Primitives
import Signers
import Tokens

/// Where a member's key is: a file, a token with its PKCS #11 URI, or a signer process with its socket. The one place that makes a key of what the user wrote.
enum KeyPlace {
  static func open(_ text: String, suite: Suite, passphrase: [UInt8]?) throws -> any SigningKey {
    SecretMemory.forbidInspection()
    if text.hasPrefix(socketScheme) {
      return try RemoteSigningKey(
        path: String(text.dropFirst(socketScheme.count)), suite: suite, description: "roadbed, process \(getpid())")
    }
    guard isToken(text) else { return try KeyFile.read(text, suite: suite, passphrase: passphrase) }
    return try Token(TokenURI(text), pin: passphrase).key(suite)
  }

  private static let socketScheme = "unix:"

  static func isToken(_ text: String) -> Bool { text.hasPrefix(TokenURI.scheme) }

  /// What the key is called, which may be its member's name: a file without its ending, or the label of a key in a token.
  static func name(of text: String) throws(TokenError) -> String {
    isToken(text) ? try TokenURI(text).object ?? "" : Paths.stem(of: text)
  }
}
