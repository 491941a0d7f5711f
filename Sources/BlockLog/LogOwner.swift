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

  /// The owner of the log in `storage`: the writer that its files name; `key` if none does, or if there is no log. A node may
  /// have changed its key since, but what its log names stays.
  package static func found(in storage: some Disk, chain: Digest, otherwise key: PublicKey) -> LogOwner {
    var owner = LogOwner.anyone(of: chain)
    // Whatever cannot be read here is reported when the log is opened.
    if let mark = try? PruneMark.read(storage, owner: owner) { try? mark.check(&owner) }
    let files = (try? storage.list()) ?? []
    for file in files where owner.writer == nil && SegmentHeader.number(ofFile: file) != nil {
      var start = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
      guard let count = try? storage.read(file, at: 0, into: &start),
        let header = try? SegmentHeader(decoding: Array(start[..<count]))
      else { continue }
      try? owner.check(file, chain: header.chain, writer: header.writer)
    }
    return LogOwner(chain: chain, writer: owner.writer ?? key)
  }

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
