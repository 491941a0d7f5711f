package import Cryptography
package import Ledger
package import Primitives

/// An encoded block, written once, before any vote that depends on it.
package struct BlockEntry: Sendable {
  private let bytes: [UInt8]
  /// The block's digest in an entry to be written; nil in an entry that was read, because only decoding gives it.
  package let block: Digest?

  package init(_ block: Block) {
    bytes = block.bytes
    self.block = block.digest
  }

  /// Decodes the whole block.
  package func decoded(_ chain: ChainContext, hash: inout HashFunction) throws(BlockError) -> Block {
    try Block(bytes: bytes, chain: chain, hash: &hash)
  }

  /// Decodes only the header, for readers that need not check the rest.
  package func header(_ chain: ChainContext) throws(BlockError) -> BlockHeader {
    try BlockHeader(bytes: headerBytes, chain: chain)
  }

  package var headerBytes: [UInt8] { Array(bytes.prefix(BlockHeader.byteCount)) }
}

extension BlockEntry: LogEntry {
  package static var entryKind: LogEntryKind { .block }
  package static var isAwaited: Bool { false }
  package static var part: BlockPart? { .block }
  package static var loss: LogEntryLoss { .replaceable }

  package init(payload: [UInt8]) {
    bytes = payload
    block = nil
  }

  package func encoded() -> [UInt8] { bytes }
}
