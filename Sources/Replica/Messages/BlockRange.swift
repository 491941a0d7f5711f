package import Primitives

/// Consecutive final blocks and the proof that they are final: the headers after the last of them up to a block with a
/// finalization, and that finalization.
///
/// Each header contains the digest and the result of its parent, so one certificate covers every block and every result
/// below it.
package struct BlockRange: Equatable, Sendable {
  /// Encoded blocks in ascending order; each is the parent of the next.
  package var blocks: [[UInt8]]
  /// Encoded headers of the blocks after the last of `blocks`, up to the certified one; none if the last
  /// block is itself certified.
  package var headers: [[UInt8]]
  /// The finalization of the last header, or of the last block if there is no header.
  package var finalization: Certificate

  package init(blocks: [[UInt8]], headers: [[UInt8]], finalization: Certificate) {
    self.blocks = blocks
    self.headers = headers
    self.finalization = finalization
  }

  func encode(into writer: inout Writer) {
    writer.count(blocks.count)
    for block in blocks { writer.longBytes(block) }
    writer.count(headers.count)
    for header in headers { writer.longBytes(header) }
    finalization.encode(into: &writer)
  }

  init(from reader: inout Reader) throws(CodecError) {
    let blockCount = try reader.count(limit: Limits.syncBlocks, "blocks of a range")
    guard blockCount > 0 else { throw .invalid(field: "blocks of a range") }
    blocks = []
    for _ in 0..<blockCount { blocks.append(try reader.longBytes(limit: Limits.blockBytes, "block")) }
    let headerCount = try reader.count(limit: Limits.syncHeaders, "headers of a range")
    headers = []
    for _ in 0..<headerCount { headers.append(try reader.longBytes(limit: Limits.headerBytes, "header")) }
    finalization = try Certificate(from: &reader)
    guard finalization.kind == .finalize else { throw .invalid(field: "certificate of a range") }
  }
}
