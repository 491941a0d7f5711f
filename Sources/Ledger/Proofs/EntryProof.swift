internal import Cryptography
public import Primitives

/// The proof of what the state after a final block has under one key: an entry, or nothing. Verifiable with genesis
/// alone.
///
/// The state proof leads to the state root of the block's result, and the certified block from there to the validators'
/// signatures.
public struct EntryProof: Hashable, Sendable {
  static let version: UInt8 = 1
  /// The headers, and room for the rest: key, entry, 256 steps and 256 signatures.
  public static let byteLimit = Limits.receiptDescendants * BlockHeader.byteCount + (64 << 10)

  public var state: StateProof
  /// The block after which the state is as proved.
  public var block: CertifiedBlock

  public init(state: StateProof, block: CertifiedBlock) {
    self.state = state
    self.block = block
  }

  public var key: StateKey { state.key }

  /// Checks every link from the entry to the signatures of the validators named in genesis, and returns what is proved.
  public func verify(genesis: Genesis) throws(EntryProofError) -> VerifiedEntry {
    do throws(ReceiptError) {
      try block.verify(genesis.chain, validators: try block.validators(of: genesis))
    } catch {
      throw .notCertified(error)
    }
    var hash = HashFunction(genesis.suite)
    do throws(MapProofError) {
      return VerifiedEntry(
        key: key, entry: try state.verify(root: block.result.stateRoot, hash: &hash), height: block.height,
        block: block.header.digest(genesis.chain, hash: &hash), timestamp: block.header.timestamp,
        view: block.certificate.view)
    } catch {
      throw .state(error)
    }
  }
}

extension EntryProof {
  /// The canonical encoding (Documentation/formats-state.md): the version, the state proof, the certified block.
  public func bytes(_ chain: ChainContext) -> [UInt8] {
    var writer = Writer(capacity: 4096 + block.descendants.count * BlockHeader.byteCount)
    writer.byte(EntryProof.version)
    state.encode(into: &writer)
    block.encode(into: &writer, chain: chain)
    return writer.bytes
  }

  /// Decodes all of `bytes` strictly. Proves nothing yet; see `verify`.
  public init(bytes: [UInt8], chain: ChainContext) throws(EntryProofError) {
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
    guard reader.remaining == 0 else {
      throw .encoding(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
  }
}
