/// The files of a node's TLS key and certificate, beside them those of the next pair, with `.next`, and of the pair before,
/// with `.old`.
///
/// Whatever happens in between, and whichever call fails, no pair that peers may know is lost, and every method can be called
/// again.
public struct TransportSuccession: Sendable {
  private let certificate: String
  private let key: String

  public init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }

  private var nextCertificate: String { certificate + ".next" }
  public var nextKey: String { key + ".next" }
  /// The key before, in case that peers know only that one.
  public var oldKey: String { key + ".old" }

  public var hasNext: Bool { SystemFile.exists(nextKey) }

  public func present() throws(CryptoError) -> TransportIdentity {
    try TransportIdentity.read(certificate: certificate, key: key)
  }

  /// The next pair, which is made if it is not there.
  public func begin() throws(CryptoError) -> TransportIdentity {
    // If the present pair is whole, the next one is not being taken.
    _ = try present()
    if hasNext, SystemFile.exists(nextCertificate) { return try next() }
    for half in [nextKey, nextCertificate] where SystemFile.exists(half) { try SystemFile.destroy(half) }
    let identity = try TransportIdentity.generate(name: "node")
    try identity.write(certificate: nextCertificate, key: nextKey)
    return identity
  }

  /// What `take` puts in place.
  public func next() throws(CryptoError) -> TransportIdentity {
    try TransportIdentity.read(
      certificate: SystemFile.exists(nextCertificate) ? nextCertificate : certificate, key: nextKey)
  }

  /// Puts the next pair in the place of the present one, which is kept.
  public func take() throws(CryptoError) {
    _ = try next()
    // The key goes last, so that it says how far an interrupted change got.
    try succeed(certificate)
    try succeed(key)
  }

  private func succeed(_ path: String) throws(CryptoError) {
    guard SystemFile.exists(path + ".next") else { return }
    if SystemFile.exists(path) { try SystemFile.rename(path, to: path + ".old") }
    try SystemFile.rename(path + ".next", to: path)
  }
}
