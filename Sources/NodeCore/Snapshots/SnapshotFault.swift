package import BlockLog
package import Ledger
package import Primitives

/// Why a snapshot cannot be created, stored or used.
package enum SnapshotFault: Error, Hashable, Sendable {
  case file(ChunkFileError)
  case content(SnapshotError)
  case otherHeight(file: String, height: Height)
  /// The closing that names the validators of its epoch is not here.
  case closingMissing(Epoch)
}

extension SnapshotFault: ExplainedError {
  package var code: String {
    switch self {
    case .file(let error): error.code
    case .content(let error): error.code
    case .otherHeight: "snapshot.other-height"
    case .closingMissing: "snapshot.closing-missing"
    }
  }

  package var explanation: String {
    switch self {
    case .file(let error): error.explanation
    case .content(let error): error.explanation
    case .otherHeight(let file, let height): "\(file) contains the snapshot of height \(height)"
    case .closingMissing(let epoch):
      "the closing of epoch \(epoch), which names the validators that must have signed for the snapshot, is missing from "
        + "the folders of log and snapshots"
    }
  }

  package var nextStep: String {
    switch self {
    case .file(let error): error.nextStep
    case .content(let error): error.nextStep
    case .otherHeight: "remove the file: it was copied or renamed by hand"
    case .closingMissing: "copy the files whose names end in .closing from the snapshot folder of another node"
    }
  }
}
