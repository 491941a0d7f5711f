package import BlockLog
package import Ledger
package import Primitives
internal import Replica

/// Reads a final block's result, and the proof of block and result, from a log.
package enum ProofAssembly {
  /// The proof of the block at `height`: its header and result, the headers up to the first block that has its own
  /// finalization, and that finalization. Nil while nothing here proves the block.
  ///
  /// - Parameter payload: reads the payload of the record at an address.
  package static func proof<Failure: Error>(
    of height: Height, index: ChainIndex, chain: ChainContext, payload: (RecordAddress) throws(Failure) -> [UInt8]
  ) throws(ProofAssemblyError<Failure>) -> CertifiedBlock? {
    guard let finality = index.finality(of: height), let entry = index[height] else { return nil }
    let certified = finality.height
    var descendants: [BlockHeader] = []
    var next = height.next
    while let current = next, current <= certified, let entry = index[current] {
      descendants.append(try header(at: entry.block, chain, payload))
      next = current.next
    }
    let execution = try read(entry.execution, payload)
    let certificate = try certificate(finality, payload)
    // If a closing between the two is missing here, nothing proves the block.
    guard certificate.statement.epoch == index.closings.epoch(of: height) else { return nil }
    let header = try header(at: entry.block, chain, payload)
    do throws(CodecError) {
      return CertifiedBlock(
        header: header, result: try ExecutionRecord(payload: execution).result, descendants: descendants,
        certificate: certificate)
    } catch {
      throw .malformed(error.explanation)
    }
  }

  /// Reads the finalization.
  package static func certificate<Failure: Error>(
    _ finality: ChainIndex.Finality, _ payload: (RecordAddress) throws(Failure) -> [UInt8]
  ) throws(ProofAssemblyError<Failure>) -> Certificate {
    switch finality.certificate {
    case .closing(let certificate): return certificate
    case .record(let address):
      let bytes = try read(address, payload)
      do throws(CodecError) {
        return try Certificate(payload: bytes)
      } catch {
        throw .malformed(error.explanation)
      }
    }
  }

  private static func header<Failure: Error>(
    at address: RecordAddress, _ chain: ChainContext, _ payload: (RecordAddress) throws(Failure) -> [UInt8]
  ) throws(ProofAssemblyError<Failure>) -> BlockHeader {
    let bytes = try read(address, payload)
    do throws(BlockError) {
      return try BlockEntry(payload: bytes).header(chain)
    } catch {
      throw .malformed(error.explanation)
    }
  }

  static func read<Failure: Error>(
    _ address: RecordAddress, _ payload: (RecordAddress) throws(Failure) -> [UInt8]
  ) throws(ProofAssemblyError<Failure>) -> [UInt8] {
    do throws(Failure) {
      return try payload(address)
    } catch {
      throw .unreadable(error)
    }
  }
}
