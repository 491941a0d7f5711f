internal import BlockLog
internal import Cryptography
package import Ledger
package import Primitives
package import Replica
internal import Synchronization

/// The committed chain, read back from the log: for peers that catch up, the query index and the API.
///
/// Any thread may read. The disk thread notes what it appends and what became final.
package final class ChainStore: Sendable {
  /// One committed height as the log holds it.
  package struct StoredBlock: Sendable {
    package var block: Block
    package var execution: ExecutionRecord
    /// The block's own finalization, if it has one.
    package var finalization: Certificate?
  }

  package let chain: ChainContext
  private let reader: Mutex<LogReader<FileDisk>>
  private let index: Mutex<ChainIndex>

  init(chain: ChainContext, reader: sending LogReader<FileDisk>, index: ChainIndex) {
    self.chain = chain
    self.reader = Mutex(reader)
    self.index = Mutex(index)
  }

  /// Blocks up to this height are not in the log.
  package var base: Height { index.withLock { $0.base } }

  /// The last height that can be read.
  package var height: Height { index.withLock { $0.height } }

  func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { index.withLock { body(&$0) } }

  /// The block of a committed height, nil beyond the tip and for genesis.
  package func block(at height: Height) throws(ChainStoreError) -> StoredBlock? {
    guard let entry = index.withLock({ $0[height] }) else { return nil }
    var hash = HashFunction(chain.suite)
    do {
      let block = try Block(bytes: try payload(at: entry.block), chain: chain, hash: &hash)
      let execution = try ExecutionRecord(try payload(at: entry.execution))
      return StoredBlock(block: block, execution: execution, finalization: try certificate(at: entry.finalization))
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  private func payload(at address: RecordAddress) throws -> [UInt8] {
    try reader.withLock { reader in try reader.read(address) }.payload
  }

  private func certificate(at address: RecordAddress?) throws -> Certificate? {
    guard let address else { return nil }
    return try Reader.whole(try payload(at: address)) { (reader) throws(CodecError) in try Certificate(from: &reader) }
  }

  /// Headers and results from `height` up to the first height, at or above it, that has its own finalization:
  /// what a receipt or a range of blocks needs to be proven. Nil while no such height exists.
  package func proof(from height: Height) throws(ChainStoreError) -> FinalityProof? {
    guard let certified = index.withLock({ $0.certified(from: height) }) else { return nil }
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
  func certifiedBlock(at height: Height) throws(ChainStoreError) -> CertifiedBlock? {
    let index = index.withLock { $0 }
    do {
      return try ProofAssembly.proof(of: height, index: index, chain: chain) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// A final block with execution and proof, for a peer that repairs its log.
  func finalRecord(at height: Height) throws(ChainStoreError) -> [UInt8]? {
    let index = index.withLock { $0 }
    do {
      return try FinalRecord.encoded(at: height, index: index, chain: chain) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: height, cause: error)
    }
  }

  /// Blocks from `from` on, within the limits of one answer, with the proof that they are final.
  func range(from: Height) throws(ChainStoreError) -> BlockRange? {
    let index = index.withLock { $0 }
    do {
      return try RangeAssembly.range(from: from, index: index) { address in try payload(at: address) }
    } catch {
      throw ChainStoreError(height: from, cause: error)
    }
  }
}

/// Headers and results of consecutive heights, the last of which is certified.
package struct FinalityProof: Sendable {
  package struct Link: Sendable {
    package var header: BlockHeader
    package var result: BlockResult
  }

  package var links: [Link]
  package var finalization: Certificate
}

/// A committed block that cannot be read back.
package struct ChainStoreError: ExplainedError {
  package var height: Height
  package var cause: any Error

  package var code: String { (cause as? any ExplainedError)?.code ?? "chain.unreadable" }
  package var explanation: String {
    "block \(height) cannot be read from the log: "
      + ((cause as? any ExplainedError)?.explanation ?? "\(cause)")
  }
  package var nextStep: String {
    (cause as? any ExplainedError)?.nextStep ?? "run 'roadbed audit' on the node's directory"
  }
}
