package import Primitives

/// The reason why a snapshot or a part of it is not the state that a certificate proves.
package enum SnapshotError: Error, Hashable, Sendable {
  case manifest(CodecError)
  case proof(ReceiptError)
  /// The number of chunks does not match the number of entries.
  case chunkCount(Int, entries: UInt64)
  /// The chunks are not divided as every node divides this state.
  case chunkDivision(chunk: Int)
  case tooManyChunks(Int)
  /// The digests of the chunks lead to a different root from the certified one.
  case otherRoot(computed: Digest, certified: Digest)
  case chunk(index: Int, CodecError)
  /// An entry belongs to another chunk or is not greater than the one before it.
  case misplacedEntry(chunk: Int, entry: Int)
  /// The chunk is well formed, but not the one that the manifest names.
  case otherChunk(index: Int)
  case noSuchChunk(index: Int, count: Int)
  /// A chunk is too large for a frame.
  case chunkTooLarge(index: Int, bytes: Int)
  case entryCount(found: UInt64, manifest: UInt64)
  /// An entry refers to something that the state does not have.
  case danglingEntry(kind: StaticText)
}

extension SnapshotError: ExplainedError {
  package var code: String {
    switch self {
    case .manifest: "snapshot.malformed-manifest"
    case .proof: "snapshot.not-certified"
    case .chunkCount: "snapshot.chunk-count"
    case .chunkDivision: "snapshot.chunk-division"
    case .tooManyChunks: "snapshot.too-many-chunks"
    case .otherRoot: "snapshot.other-root"
    case .chunk: "snapshot.malformed-chunk"
    case .misplacedEntry: "snapshot.misplaced-entry"
    case .otherChunk: "snapshot.other-chunk"
    case .noSuchChunk: "snapshot.no-such-chunk"
    case .chunkTooLarge: "snapshot.chunk-too-large"
    case .entryCount: "snapshot.entry-count"
    case .danglingEntry: "snapshot.dangling-entry"
    }
  }

  package var explanation: String {
    switch self {
    case .manifest(let error): "the snapshot's manifest is malformed: \(error.explanation)"
    case .proof(let error): "nothing proves the snapshot's state: \(error.explanation)"
    case .chunkCount(let count, let entries):
      "the snapshot has \(count) chunks, but its \(entries) entries make "
        + "\(1 << SnapshotManifest.prefixBits(entries: entries))"
    case .chunkDivision(let chunk):
      "the snapshot's chunks are not divided as every node divides this state, at chunk \(chunk)"
    case .tooManyChunks(let count):
      "the state makes \(count) chunks or more; the limit of a snapshot is \(Limits.snapshotChunks)"
    case .otherRoot(let computed, let certified):
      "the snapshot's chunks have root \(computed), but the certified state has \(certified)"
    case .chunk(let index, let error): "chunk \(index) of the snapshot is malformed: \(error.explanation)"
    case .misplacedEntry(let chunk, let entry):
      "entry \(entry) of chunk \(chunk) of the snapshot is out of place"
    case .otherChunk(let index): "chunk \(index) of the snapshot is not the one that its manifest names"
    case .noSuchChunk(let index, let count): "there is no chunk \(index): the snapshot has \(count)"
    case .chunkTooLarge(let index, let bytes):
      "chunk \(index) of the snapshot has \(bytes) bytes; the limit is \(Limits.snapshotChunkBytes)"
    case .entryCount(let found, let manifest):
      "the snapshot has \(found) entries, but its manifest says \(manifest)"
    case .danglingEntry(let kind): "an entry of the snapshot names a \(kind) that is not in it"
    }
  }

  package var nextStep: String {
    switch self {
    case .chunkTooLarge: "report this: the state has entries of a size that this version does not expect"
    case .tooManyChunks:
      "report this: someone wrote gigabytes under keys whose digests begin alike; the log is kept meanwhile"
    default: "do not use it; the node uses an older one, or fetches it again from another peer"
    }
  }
}
