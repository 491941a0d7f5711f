internal import Cryptography
internal import Primitives

extension HashFunction {
  /// Starts the hash of a statement with the tag and the suite byte.
  mutating func begin(_ domain: Domain) {
    begin()
    withUnsafeBytes(of: domain.word.littleEndian) { update($0) }
    withUnsafeBytes(of: suite.rawValue) { update($0) }
  }

  /// The hash of the tag, the suite byte and `bytes`.
  mutating func hash(_ domain: Domain, _ bytes: RawSpan) -> Digest {
    begin(domain)
    update(bytes)
    return finish()
  }
}
