package import BlockLog
package import Ledger
package import NodeCore
package import Primitives
internal import Synchronization

/// The committed chain, read back from the log.
///
/// Any thread may read. The log thread records what it appends and what becomes final.
package final class ChainStore: ChainSource, ChainIndexHolder, Sendable {
  package let chain: ChainContext
  private let reader: Mutex<LogReader<FileDisk>>
  private let current: Mutex<ChainIndex>

  init(chain: ChainContext, reader: sending LogReader<FileDisk>, index: ChainIndex) {
    self.chain = chain
    self.reader = Mutex(reader)
    current = Mutex(index)
  }

  package var index: ChainIndex { current.withLock { $0 } }

  // Read under the lock: a copy of the index would force the next update to copy all of it.
  package func entry(at height: Height) -> ChainIndex.Entry? { current.withLock { $0[height] } }
  package func finality(of height: Height) -> ChainIndex.Finality? { current.withLock { $0.finality(of: height) } }
  package var closings: ClosingBook { current.withLock { $0.closings } }

  /// Blocks up to this height are not in the log.
  package var base: Height { current.withLock { $0.base } }

  /// The last height that can be read.
  package var height: Height { current.withLock { $0.height } }

  package func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { current.withLock { body(&$0) } }

  package func payload(at address: RecordAddress) throws(LogError) -> [UInt8] {
    try reader.withLock { (reader) throws(LogError) in try reader.read(address) }.payload
  }
}
