package import BlockLog
package import Ledger
package import Primitives

/// Why a snapshot cannot be created, stored or used.
package enum SnapshotFault: Error, Hashable, Sendable {
  case file(ChunkFileError)
  case content(SnapshotError)
  case otherHeight(file: String, height: Height)
}

extension SnapshotFault: ExplainedError {
  private var cause: (any ExplainedError)? {
    switch self {
    case .file(let error): error
    case .content(let error): error
    case .otherHeight: nil
    }
  }

  package var code: String { cause?.code ?? "snapshot.other-height" }
  package var explanation: String {
    if case .otherHeight(let file, let height) = self { return "\(file) contains the snapshot of height \(height)" }
    return cause?.explanation ?? ""
  }
  package var nextStep: String { cause?.nextStep ?? "remove the file: it was copied or renamed by hand" }
}
