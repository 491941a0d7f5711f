public import Cryptography
public import Primitives

/// The part of a block that its digest covers. It names neither view nor proposer, because the same block may be
/// certified in a later view.
public struct BlockHeader: Hashable, Sendable {
  public static let byteCount = 1 + 3 * Digest.byteCount + 8 + Digest.byteCount + 8 + 4
  static let version: UInt8 = 1

  public var height: Height
  /// The digest of the parent block; zero at genesis.
  public var parent: Digest
  /// The digest of the parent block's result; zero at genesis.
  public var parentResult: Digest
  public var timestamp: Timestamp
  public var transactionCount: UInt32
  /// The root of the RFC 6962 tree whose leaves are the signed bytes of the transactions.
  public var transactionRoot: Digest

  public init(
    height: Height, parent: Digest, parentResult: Digest, timestamp: Timestamp, transactionCount: UInt32,
    transactionRoot: Digest
  ) {
    self.height = height
    self.parent = parent
    self.parentResult = parentResult
    self.timestamp = timestamp
    self.transactionCount = transactionCount
    self.transactionRoot = transactionRoot
  }

  /// Writes version, genesis digest, height, parent, parent result, timestamp, transaction count and transaction
  /// root: 149 bytes.
  public func encode(into writer: inout Writer, chain: ChainContext) {
    writer.byte(BlockHeader.version)
    writer.digest(chain.genesis)
    writer.integer(height.rawValue)
    writer.digest(parent)
    writer.digest(parentResult)
    writer.integer(timestamp.rawValue)
    writer.integer(transactionCount)
    writer.digest(transactionRoot)
  }

  public init(from reader: inout Reader, chain: ChainContext) throws(BlockError) {
    let genesis: Digest
    do throws(CodecError) {
      let version = try reader.byte()
      guard version == BlockHeader.version else {
        throw CodecError.unknown(field: "block version", value: UInt64(version))
      }
      genesis = try reader.digest()
      height = Height(try reader.integer())
      parent = try reader.digest()
      parentResult = try reader.digest()
      timestamp = Timestamp(try reader.integer())
      transactionCount = try reader.integer()
      transactionRoot = try reader.digest()
    } catch {
      throw .encoding(error)
    }
    guard genesis == chain.genesis else { throw .otherChain(genesis) }
    guard transactionCount <= Limits.blockTransactions else {
      throw .tooManyTransactions(count: transactionCount)
    }
  }

  /// The block's digest. `hash` must be of the chain's suite.
  public func digest(_ chain: ChainContext, hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: BlockHeader.byteCount)
    encode(into: &writer, chain: chain)
    return hash.hash(.blockHeader, writer.bytes.span.bytes)
  }
}
