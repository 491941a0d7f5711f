internal import Primitives

/// Why a snapshot's file cannot be read or written.
package enum ChunkFileError: Error, Hashable, Sendable {
  case missing(file: String)
  /// The file is not of this kind, or of another version or another chain.
  case otherFile(file: String)
  case noPiece(file: String, number: UInt32)
  case damaged(file: String, number: UInt32, offset: Int)
  case tooLarge(file: String, number: UInt32, bytes: Int)
  case disk(DiskError)
}

extension ChunkFileError: ExplainedError {
  package var code: String {
    switch self {
    case .missing: "snapshot.missing"
    case .otherFile: "snapshot.other-file"
    case .noPiece: "snapshot.incomplete"
    case .damaged: "snapshot.damaged"
    case .tooLarge: "snapshot.chunk-too-large"
    case .disk(let error): error.code
    }
  }

  package var explanation: String {
    switch self {
    case .missing(let file): "there is no snapshot \(file)"
    case .otherFile(let file): "\(file) is not a snapshot of this chain that this version can read"
    case .noPiece(let file, let number): "piece \(number) of \(file) is missing"
    case .damaged(let file, let number, let offset):
      "piece \(number) of \(file), at offset \(offset), does not match its checksum"
    case .tooLarge(let file, let number, let bytes):
      "piece \(number) of \(file) would have \(bytes) bytes; the limit is \(Limits.snapshotChunkBytes)"
    case .disk(let error): error.explanation
    }
  }

  package var nextStep: String {
    switch self {
    case .missing: "list the existing ones with 'roadbed snapshot list'"
    case .otherFile: "give the directory of a node of this chain"
    case .noPiece, .damaged:
      "remove the file: the node uses an older snapshot or its log, and makes a new one when it is due; check the disk"
    case .tooLarge: "report this: the state has entries of a size that this version does not expect"
    case .disk(let error): error.nextStep
    }
  }
}
