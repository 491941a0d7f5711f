package import BlockLog
internal import Cryptography
package import Ledger
package import Primitives
package import Replica

/// A committed chain that lies in a log: for peers that catch up, the query index and the API.
///
/// Nothing is changed by reading, and the writer may go on meanwhile.
package protocol ChainSource {
  var chain: ChainContext { get }
  /// Where the chain lies at this moment: a copy, for whoever needs several heights of one moment.
  var index: ChainIndex { get }
  /// Blocks up to here are not in the log.
  var base: Height { get }
  /// The last height that can be read.
  var height: Height { get }
  /// Where one height lies.
  func entry(at height: Height) -> ChainIndex.Entry?
  /// `ChainIndex.certified(from:)`.
  func certified(from height: Height) -> Height?
  /// The payload of the record at an address.
  func payload(at address: RecordAddress) throws(LogError) -> [UInt8]
}

extension ChainSource {
  /// The block of a committed height, nil beyond the tip and for genesis.
  package func block(at height: Height) throws(ChainStoreError) -> StoredBlock? {
    guard let entry = entry(at: height) else { return nil }
    var hash = HashFunction(chain.suite)
    do {
      return StoredBlock(
        block: try BlockEntry(payload: try payload(at: entry.block)).decoded(chain, hash: &hash),
        execution: try ExecutionRecord(payload: try payload(at: entry.execution)),
        finalization: try entry.finalization.map { try Certificate(payload: try payload(at: $0)) })
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// Headers and results from `height` up to the first height, at or above it, that has its own finalization:
  /// what a receipt or a range of blocks needs to be proven. Nil while no such height exists.
  package func proof(from height: Height) throws(ChainStoreError) -> FinalityProof? {
    guard let certified = certified(from: height) else { return nil }
    var links: [FinalityProof.Link] = []
    var current = height
    while current <= certified {
      guard let stored = try block(at: current) else { return nil }
      links.append(FinalityProof.Link(header: stored.block.header, result: stored.execution.result))
      if current == certified {
        guard let finalization = stored.finalization else { return nil }
        return FinalityProof(links: links, finalization: finalization)
      }
      guard let next = current.next else { return nil }
      current = next
    }
    return nil
  }

  /// A block and its result with what proves them; nil while nothing does.
  package func certifiedBlock(at height: Height) throws(ChainStoreError) -> CertifiedBlock? {
    let index = index
    do {
      return try ProofAssembly.proof(of: height, index: index, chain: chain) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// A final block with execution and proof, for a peer that repairs its log.
  package func finalRecord(at height: Height) throws(ChainStoreError) -> [UInt8]? {
    let index = index
    do {
      return try FinalRecord.encoded(at: height, index: index, chain: chain) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// Blocks from `from` on, within the limits of one answer, with the proof that they are final.
  package func range(from: Height) throws(ChainStoreError) -> BlockRange? {
    let index = index
    do {
      return try RangeAssembly.range(from: from, index: index) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: from, cause: error)
    }
  }
}
