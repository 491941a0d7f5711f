package import BlockLog
package import Cryptography
package import Ledger
package import Primitives

/// A snapshot on disk, complete or not: its manifest, and the chunks that are here.
package struct StoredSnapshot<Storage: Disk> {
  package let manifest: SnapshotManifest
  package let manifestBytes: [UInt8]
  var file: ChunkFile<Storage>

  /// Indices of the chunks that are here; their bytes may still turn out to be damaged.
  package var chunks: Set<Int> {
    Set(file.numbers.compactMap { manifest.chunks.indices.contains(Int($0)) ? Int($0) : nil })
  }
  package var byteCount: Int { file.byteCount }

  /// Whether a chunk is here.
  package func contains(_ index: Int) -> Bool {
    manifest.chunks.indices.contains(index) && file.byteCount(of: UInt32(index)) != nil
  }

  /// Bytes of a chunk; 0 if it is not here.
  package func byteCount(of index: Int) -> Int { file.byteCount(of: UInt32(index)) ?? 0 }

  /// The bytes of a chunk, checked only against accidents.
  package func chunk(_ index: Int) throws(SnapshotFault) -> [UInt8] {
    do throws(ChunkFileError) {
      return try file.read(UInt32(index))
    } catch {
      throw .file(error)
    }
  }

  /// A chunk, decoded and verified against the manifest.
  package func decodedChunk(_ index: Int, hash: inout HashFunction) throws(SnapshotFault) -> StateChunk {
    let bytes = try chunk(index)
    do throws(SnapshotError) {
      return try manifest.chunk(index, bytes, hash: &hash)
    } catch {
      throw .content(error)
    }
  }

  package mutating func store(_ index: Int, _ bytes: [UInt8]) throws(SnapshotFault) {
    do throws(ChunkFileError) {
      try file.append(UInt32(index), bytes)
    } catch {
      throw .file(error)
    }
  }

  /// Prepares a file that an earlier run left for being continued: what is damaged is forgotten, and the rest will be
  /// durable after the next sync.
  mutating func resume() throws(SnapshotFault) {
    do throws(ChunkFileError) {
      try file.dropDamaged()
      try file.writeAgain()
    } catch {
      throw .file(error)
    }
  }
}

extension StoredSnapshot {
  /// The validators that must have signed for it.
  package func validators(_ closings: ClosingBook, _ genesis: Genesis) throws(SnapshotFault) -> ValidatorSet {
    let epoch = manifest.proof.certificate.statement.epoch
    guard let validators = closings.validators(of: epoch, genesis) else {
      throw .closingMissing(Epoch(epoch.rawValue - 1))
    }
    do throws(ReceiptError) {
      try manifest.proof.verifyEpoch(closings)
    } catch {
      throw .content(.proof(error))
    }
    return validators
  }
}

extension StoredSnapshot: Sendable where Storage: Sendable {}
