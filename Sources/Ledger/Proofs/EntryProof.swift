internal import Cryptography
public import Primitives

/// The proof of what the state after a final block has under one key: an entry, or nothing. Verifiable with genesis
/// alone.
///
/// The state proof leads to the state root of the block's result, and the certified block from there to the validators'
/// signatures.
public struct EntryProof: Hashable, Sendable {
  static let version: UInt8 = 1
  /// The headers, the closings, and room for the rest: key, entry, 256 steps and 256 signatures.
  public static let byteLimit =
    Limits.receiptDescendants * BlockHeader.byteCount + Limits.closingBytes + (128 << 10)

  public var state: StateProof
  /// The block after which the state is as proved.
  public var block: CertifiedBlock
  /// The closings that lead to the epoch of the block's certificate.
  public var closings: Closings

  public init(state: StateProof, block: CertifiedBlock, closings: Closings = Closings()) {
    self.state = state
    self.block = block
    self.closings = closings
  }

  public var key: StateKey { state.key }

  /// Checks every link from the entry to the signatures of validators for whom genesis, the closings or the checkpoint vouch,
  /// and returns what is proved.
  public func verify(genesis: Genesis, checkpoint: Checkpoint? = nil) throws(EntryProofError) -> VerifiedEntry {
    let proved: Closings.Proved
    do throws(ReceiptError) {
      proved = try block.verify(closings, genesis: genesis, checkpoint: checkpoint)
    } catch {
      throw .notCertified(error)
    }
    var hash = HashFunction(genesis.suite)
    do throws(MapProofError) {
      return VerifiedEntry(
        key: key, entry: try state.verify(root: block.result.stateRoot, hash: &hash), height: block.height,
        block: block.header.digest(genesis.chain, hash: &hash), timestamp: block.header.timestamp,
        round: block.certificate.round, signers: proved.names(of: block.certificate.signers),
        isBelowCheckpoint: proved.isBelowCheckpoint)
    } catch {
      throw .state(error)
    }
  }
}

extension EntryProof {
  /// The canonical encoding (Documentation/formats-state.md): the version, the state proof, the certified block, the
  /// closings.
  public func bytes(_ chain: ChainContext) -> [UInt8] {
    var writer = Writer(capacity: 4096 + block.descendants.count * BlockHeader.byteCount)
    writer.byte(EntryProof.version)
    state.encode(into: &writer)
    block.encode(into: &writer, chain: chain)
    closings.encode(into: &writer)
    return writer.bytes
  }

  /// Decodes all of `bytes` strictly. Proves nothing yet; see `verify`.
  public init(bytes: [UInt8], chain: ChainContext) throws(EntryProofError) {
    guard chain.hasEpochs else { throw .earlierChain }
    guard bytes.count <= EntryProof.byteLimit else { throw .tooLarge(bytes: bytes.count) }
    var reader = Reader(bytes.span.bytes)
    do throws(CodecError) {
      let version = try reader.byte()
      guard version == EntryProof.version else { throw .unknown(field: "proof version", value: UInt64(version)) }
      state = try StateProof(from: &reader)
    } catch {
      throw .encoding(error)
    }
    do throws(ReceiptError) {
      block = try CertifiedBlock(from: &reader, chain: chain)
    } catch {
      switch error {
      case .encoding(let error): throw .encoding(error)
      case .header(let error): throw .header(error)
      default: throw .notCertified(error)
      }
    }
    do throws(CodecError) {
      closings = try Closings(from: &reader)
    } catch {
      throw .encoding(error)
    }
    guard reader.remaining == 0 else {
      throw .encoding(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
  }
}
