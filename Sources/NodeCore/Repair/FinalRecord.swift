package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica

/// A final block with its execution record and the proof of both, as one node sends it to another whose log was
/// damaged.
package struct FinalRecord: Sendable {
  package let block: Block
  package let execution: ExecutionRecord
  package let proof: CertifiedBlock

  package var height: Height { proof.height }

  /// Reads the record from a log and encodes it; nil while nothing there proves the block.
  package static func encoded<Failure: Error>(
    at height: Height, index: ChainIndex, chain: ChainContext, payload: (RecordAddress) throws(Failure) -> [UInt8]
  ) throws(ProofAssemblyError<Failure>) -> [UInt8]? {
    guard let entry = index[height],
      let proof = try ProofAssembly.proof(of: height, index: index, chain: chain, payload: payload)
    else { return nil }
    var writer = Writer(capacity: 4096)
    do throws(Failure) {
      writer.longBytes(try payload(entry.block))
      writer.longBytes(try payload(entry.execution))
    } catch {
      throw .unreadable(error)
    }
    proof.encode(into: &writer, chain: chain)
    return writer.bytes
  }

  /// Decodes the record and checks everything but the signatures: block, execution record and proof must belong
  /// together.
  package init(_ bytes: [UInt8], chain: ChainContext, hash: inout HashFunction) throws(ReceiptError) {
    var reader = Reader(bytes.span.bytes)
    let block: [UInt8]
    do throws(CodecError) {
      block = try reader.longBytes(limit: Limits.blockBytes, "block")
      execution = try ExecutionRecord(payload: try reader.longBytes(limit: Limits.recordBytes, "execution"))
    } catch {
      throw .encoding(error)
    }
    do throws(BlockError) {
      self.block = try Block(bytes: block, chain: chain, hash: &hash)
    } catch {
      throw .header(error)
    }
    proof = try CertifiedBlock(from: &reader, chain: chain)
    guard reader.remaining == 0 else {
      throw .encoding(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
    try proof.verifyDescent(chain, hash: &hash)
    guard self.block.digest == proof.result.block, execution.result == proof.result,
      execution.digest == proof.result.digest(hash: &hash), execution.outcomes.count == self.block.count,
      OutcomeTree.root(of: self.block, outcomes: execution.outcomes, hash: &hash) == proof.result.outcomeRoot
    else { throw .resultOfOtherBlock }
  }
}
