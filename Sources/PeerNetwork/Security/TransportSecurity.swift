internal import NIOCore
internal import NIOSSL
internal import Primitives

/// TLS 1.3 with certificates from both sides, each accepted or refused by its key alone.
struct TransportSecurity: Sendable {
  /// The DER SubjectPublicKeyInfo of the node's own certificate.
  let ownKey: [UInt8]
  private let client: NIOSSLContext
  private let server: NIOSSLContext

  init(_ configuration: PeerNetworkConfiguration) throws(PeerNetworkError) {
    let chain: [NIOSSLCertificate]
    do {
      chain = try NIOSSLCertificate.fromPEMBytes(configuration.certificatePEM)
    } catch { throw .badCertificate("it is not a PEM certificate (\(LibraryText.of(error)))") }
    guard let certificate = chain.first,
      let encoded = try? certificate.toDERBytes(),
      let ownKey = CertificateKey.subjectPublicKeyInfo(ofCertificate: encoded)
    else { throw .badCertificate("no certificate with a public key was found in it") }
    let key: NIOSSLPrivateKey
    do {
      key = try NIOSSLPrivateKey(bytes: configuration.privateKeyPEM, format: .pem)
    } catch { throw .badPrivateKey("it is not a PEM private key (\(LibraryText.of(error)))") }
    let close = TimeAmount.milliseconds(configuration.limits.closeMilliseconds)
    do {
      client = try NIOSSLContext(
        configuration: Self.restrict(.makeClientConfiguration(), certificate, key, close: close))
      server = try NIOSSLContext(
        configuration: Self.restrict(
          .makeServerConfiguration(certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)),
          certificate, key, close: close))
    } catch { throw .badPrivateKey("TLS does not accept it with its certificate (\(LibraryText.of(error)))") }
    self.ownKey = ownKey
  }

  private static func restrict(
    _ base: TLSConfiguration, _ certificate: NIOSSLCertificate, _ key: NIOSSLPrivateKey, close: TimeAmount
  ) -> TLSConfiguration {
    var configuration = base
    configuration.certificateChain = [.certificate(certificate)]
    configuration.privateKey = .privateKey(key)
    configuration.minimumTLSVersion = .tlsv13
    configuration.maximumTLSVersion = .tlsv13
    // Requires a certificate from the other side, also on the server. Who signed it does not matter: the verification
    // below replaces the library's, and no trust root is loaded.
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    configuration.shutdownTimeout = close
    return configuration
  }

  /// The TLS handler of a dialled connection. `verify` is called once, on the event loop, with the other side's
  /// certificate in DER; false refuses it.
  func clientHandler(verify: @escaping ([UInt8]?) -> Bool) throws -> NIOSSLClientHandler {
    try NIOSSLClientHandler(
      context: client, serverHostname: nil, customVerificationCallback: Self.callback(verify))
  }

  /// The TLS handler of an accepted connection.
  func serverHandler(verify: @escaping ([UInt8]?) -> Bool) -> NIOSSLServerHandler {
    NIOSSLServerHandler(context: server, customVerificationCallback: Self.callback(verify))
  }

  private static func callback(_ verify: @escaping ([UInt8]?) -> Bool) -> NIOSSLCustomVerificationCallback {
    { certificates, execution in
      let certificate = try? certificates.first?.toDERBytes()
      execution.succeed(verify(certificate) ? .certificateVerified : .failed)
    }
  }
}
