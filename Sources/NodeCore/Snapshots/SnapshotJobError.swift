internal import Primitives

/// Why a snapshot that was being created or fetched is given up.
package enum SnapshotJobError: ExplainedError {
  case snapshot(SnapshotFault)
  case chain(ChainStoreError)

  private var cause: any ExplainedError {
    switch self {
    case .snapshot(let error): error
    case .chain(let error): error
    }
  }

  package var code: String { cause.code }
  package var explanation: String { cause.explanation }
  package var nextStep: String { cause.nextStep }
}
