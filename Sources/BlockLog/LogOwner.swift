package import Primitives

/// The chain and the validator that a log belongs to. Segment headers and the prune mark name both, and the checksums
/// of the records are bound to the headers, so no log and no part of one can pass for another validator's.
package struct LogOwner: Hashable, Sendable {
  /// The genesis digest.
  package var chain: Digest
  /// The vote key that signs the own votes in the log. Nil for readers that accept any node's log; a log created
  /// without a key has format version 1, which names none.
  package var writer: PublicKey?

  package init(chain: Digest, writer: PublicKey?) {
    self.chain = chain
    self.writer = writer
  }

  /// The owner for readers that accept a chain's log no matter who wrote it.
  package static func anyone(of chain: Digest) -> LogOwner { LogOwner(chain: chain, writer: nil) }

  /// Whether a file that names this chain and writer may be part of the log.
  func fits(chain found: Digest, writer named: PublicKey?) -> Bool {
    found == chain && (named == nil || writer == nil || named == writer)
  }

  /// Checks the chain and the writer that a file names. Once a file has named a writer, all later ones must name the
  /// same.
  mutating func check(_ file: String, chain found: Digest, writer named: PublicKey?) throws(LogError) {
    guard found == chain else { throw .wrongChain(file: file, expected: chain, found: found) }
    guard let named else { return }
    if let writer, named != writer { throw .wrongWriter(file: file, expected: writer, found: named) }
    writer = named
  }
}
