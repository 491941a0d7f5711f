import Cryptography
import Foundation
import LedgerJSON
import Primitives
import Tokens

/// The answer of the key commands. Nothing in it is secret.
struct KeyAnswer: Encodable {
  /// Set for a key in a file.
  var file: String?
  /// Set for a key in a token: what names it, and whether the token would give it away.
  var uri: String?
  var extractable: Bool?
  /// Set for a member's key or a vote key.
  var suite: Suite?
  var publicKey: PublicKey?
  /// Set for a transport key.
  var certificate: String?
  var transportKey: Digest?

  init(file: String, suite: Suite, publicKey: PublicKey) {
    self.file = file
    self.suite = suite
    self.publicKey = publicKey
  }

  init(file: String, certificate: String, transportKey: Digest) {
    self.file = file
    self.certificate = certificate
    self.transportKey = transportKey
  }

  init(_ key: TokenKey) {
    uri = "\(key.uri)"
    extractable = key.isExtractable
    suite = key.suite
    publicKey = key.publicKey
  }

  /// Reads a key file of any suite, a certificate, or the public half of a key in a token.
  init(reading file: String, passphrase: [UInt8]?) throws {
    if KeyPlace.isToken(file) {
      self.init(try Token(TokenURI(file), pin: passphrase).key())
      return
    }
    if Paths.exists(file), let certificate = try KeyAnswer.certificate(in: file) {
      self.init(file: file, certificate: file, transportKey: try TransportIdentity.pin(ofCertificateDER: certificate))
      return
    }
    let key = try AnyKeyFile.read(file, passphrase: passphrase)
    self.init(file: file, suite: key.suite, publicKey: key.publicKey)
  }

  /// The DER of the certificate in a PEM file, or nil if the file holds something else.
  private static func certificate(in file: String) throws -> [UInt8]? {
    let text = String(decoding: try TextFile.read(file), as: UTF8.self)
    let parts = text.components(separatedBy: "-----")
    guard let begin = parts.firstIndex(of: "BEGIN CERTIFICATE"), begin + 1 < parts.count,
      let bytes = Data(base64Encoded: parts[begin + 1], options: .ignoreUnknownCharacters)
    else { return nil }
    return [UInt8](bytes)
  }

  func print(title: String) {
    var sheet = Sheet()
    sheet.add(title, ifPresent: file ?? uri)
    if let certificate, certificate != file { sheet.add("certificate", certificate) }
    sheet.add("suite", ifPresent: suite?.name)
    sheet.add("public key", ifPresent: publicKey)
    sheet.add("transport key", ifPresent: transportKey)
    if extractable == true { sheet.add("note", "the token may give this key away, because it was not made there") }
    sheet.print()
  }
}
