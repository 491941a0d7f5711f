package import Primitives

/// Whose log it is. Segment headers and the prune mark name both, and the checksums of the records are bound to
/// the headers: so neither a log nor a part of one passes for another validator's.
package struct LogOwner: Hashable, Sendable {
  /// The genesis digest.
  package var chain: Digest
  /// The vote key that signs what the log says of its owner. Nil for readers that take anybody's; a log that is
  /// made for nobody has format version 1, which names no key.
  package var writer: PublicKey?

  package init(chain: Digest, writer: PublicKey?) {
    self.chain = chain
    self.writer = writer
  }

  /// For readers of a chain's log, whoever wrote it.
  package static func anyone(of chain: Digest) -> LogOwner { LogOwner(chain: chain, writer: nil) }

  /// Whether a file that says this of its owner may be part of the log.
  func fits(chain found: Digest, writer named: PublicKey?) -> Bool {
    found == chain && (named == nil || writer == nil || named == writer)
  }

  /// Checks what a file says of its owner. After the first name all further ones must be the same.
  mutating func check(_ file: String, chain found: Digest, writer named: PublicKey?) throws(LogError) {
    guard found == chain else { throw .wrongChain(file: file, expected: chain, found: found) }
    guard let named else { return }
    if let writer, named != writer { throw .wrongWriter(file: file, expected: writer, found: named) }
    writer = named
  }
}
