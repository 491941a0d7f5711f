package import Ledger
package import Primitives

/// States that the following blocks build on a block that a certificate proves and whose state is in a snapshot.
package struct BaseEntry: Sendable {
  private let bytes: [UInt8]

  package init(_ proof: CertifiedBlock, chain: ChainContext) {
    var writer = Writer(capacity: 1024)
    proof.encode(into: &writer, chain: chain)
    bytes = writer.bytes
  }

  /// The proof of the block, decoded but not verified.
  package func proof(_ chain: ChainContext) throws(ReceiptError) -> CertifiedBlock {
    var reader = Reader(bytes.span.bytes)
    let proof = try CertifiedBlock(from: &reader, chain: chain)
    do throws(CodecError) {
      try reader.end()
    } catch {
      throw .encoding(error)
    }
    return proof
  }
}

extension BaseEntry: LogEntry {
  package static var entryKind: LogEntryKind { .base }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .votingState }

  package init(payload: [UInt8]) {
    bytes = payload
  }

  package func encoded() -> [UInt8] { bytes }
}
