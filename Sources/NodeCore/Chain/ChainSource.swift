package import BlockLog
internal import Cryptography
package import Ledger
package import Primitives
package import Replica

/// A committed chain in a log: for peers that catch up, for the query index and for the API.
///
/// Reading changes nothing, and the writer may continue in the meantime.
package protocol ChainSource {
  var chain: ChainContext { get }
  /// A copy of the index at this moment, for readers that need several heights of the same moment.
  var index: ChainIndex { get }
  /// Blocks up to this height are not in the log.
  var base: Height { get }
  /// The last height that can be read.
  var height: Height { get }
  /// The addresses of the records of one height.
  func entry(at height: Height) -> ChainIndex.Entry?
  /// The same as `ChainIndex.finality(of:)`.
  func finality(of height: Height) -> ChainIndex.Finality?
  /// The closings of the epochs that have ended.
  var closings: ClosingBook { get }
  /// The payload of the record at an address.
  func payload(at address: RecordAddress) throws(LogError) -> [UInt8]
}

extension ChainSource {
  /// The height of `finality(of:)`.
  package func certified(from height: Height) -> Height? { finality(of: height)?.height }

  /// The block of a committed height; nil above the tip and for genesis.
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

  /// What lists and proofs show of the block of a committed height, without decoding its transactions; nil above the tip
  /// and for genesis.
  package func summary(at height: Height) throws(ChainStoreError) -> BlockSummary? {
    guard let entry = entry(at: height) else { return nil }
    do {
      let block = try payload(at: entry.block)
      return BlockSummary(
        header: try BlockEntry(payload: block).header(chain), byteCount: block.count,
        execution: try ExecutionRecord(payload: try payload(at: entry.execution)),
        finalization: try entry.finalization.map { try Certificate(payload: try payload(at: $0)) })
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// Headers and results from `height` up to the first height that has its own finalization: what proves a receipt or a
  /// range of blocks. Nil while there is no such height.
  package func proof(from height: Height) throws(ChainStoreError) -> FinalityProof? {
    guard let finality = finality(of: height) else { return nil }
    let certified = finality.height
    var links: [FinalityProof.Link] = []
    var current = height
    while current <= certified {
      guard let stored = try summary(at: current) else { return nil }
      links.append(FinalityProof.Link(header: stored.header, result: stored.execution.result))
      if current == certified {
        let certificate: Certificate
        do {
          certificate = try ProofAssembly.certificate(finality) { address in try payload(at: address) }
        } catch {
          throw ChainStoreError(height: current, cause: error)
        }
        guard certificate.statement.epoch == closings.epoch(of: height) else { return nil }
        return FinalityProof(links: links, finalization: certificate)
      }
      guard let next = current.next else { return nil }
      current = next
    }
    return nil
  }

  /// A block's header and result with their proof; nil while nothing proves them.
  package func certifiedBlock(at height: Height) throws(ChainStoreError) -> CertifiedBlock? {
    let index = index
    do {
      return try ProofAssembly.proof(of: height, index: index, chain: chain) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// An encoded final block with its execution record and proof, for a peer that repairs its log.
  package func finalRecord(at height: Height) throws(ChainStoreError) -> [UInt8]? {
    let index = index
    do {
      return try FinalRecord.encoded(at: height, index: index, chain: chain) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// Blocks from height `from` on, within the limits of one answer, with the proof that they are final.
  package func range(from: Height) throws(ChainStoreError) -> BlockRange? {
    let index = index
    do {
      return try RangeAssembly.range(from: from, index: index) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: from, cause: error)
    }
  }
}
