package import BlockLog
internal import Ledger
package import Primitives
package import Replica

/// Reads a range of final blocks with its proof from a log, for a peer that catches up.
package enum RangeAssembly {
  /// Blocks from height `from` on, within the limits of one answer, with the headers and the finalization that prove
  /// them; nil if there are none or if nothing here proves the last of them.
  ///
  /// - Parameter index: used for the whole range; a copy, so that the writer may continue in the meantime.
  /// - Parameter payload: reads the payload of the record at an address.
  package static func range<Failure: Error>(
    from: Height, index: ChainIndex, payload: (RecordAddress) throws(Failure) -> [UInt8]
  ) throws(ProofAssemblyError<Failure>) -> BlockRange? {
    var blocks: [[UInt8]] = []
    var bytes = 0
    var height = from
    // The blocks of another epoch have another proof.
    let end = index.closings.first(from: from)?.result.height ?? Height(.max)
    while blocks.count < Limits.syncBlocks, height <= end, let entry = index[height] {
      let block = try ProofAssembly.read(entry.block, payload)
      bytes += block.count
      if bytes > Limits.syncBytes, !blocks.isEmpty { break }
      blocks.append(block)
      guard let next = height.next else { break }
      height = next
    }
    // If nothing proves the last block, the range ends with the last block that can be proven.
    while !blocks.isEmpty, index.certified(from: Height(height.rawValue - 1)) == nil {
      blocks.removeLast()
      height = Height(height.rawValue - 1)
    }
    guard !blocks.isEmpty, let finality = index.finality(of: Height(height.rawValue - 1)) else { return nil }
    var headers: [[UInt8]] = []
    while height <= finality.height, headers.count <= Limits.syncHeaders, let entry = index[height],
      let next = height.next
    {
      headers.append(BlockEntry(payload: try ProofAssembly.read(entry.block, payload)).headerBytes)
      height = next
    }
    guard headers.count <= Limits.syncHeaders else { return nil }
    let certificate = try ProofAssembly.certificate(finality, payload)
    guard certificate.statement.epoch == index.closings.epoch(of: from) else { return nil }
    return BlockRange(blocks: blocks, headers: headers, finalization: certificate)
  }
}
